import { quoteIdentifier } from '@rollcall/warehouse';
import type { Report } from '../report.js';
import { aggregateSql } from './aggregate-sql.js';
import type { FilterValues, Statement } from './rows-query.js';
import { Binds, cellSql, relationOf } from './sql-builder.js';
import { whereSql } from './where-sql.js';

/** One row with one cell per tile, by the tiles' names. */
export function tilesStatement(report: Report, filters: FilterValues, relation = relationOf(report)): Statement {
  const binds = new Binds();
  const where = whereSql(report, filters, binds, relation);
  const cells = report.tiles.map(({ name, aggregate }) => {
    const { sql, type } = aggregateSql(report, aggregate);
    return `${cellSql(type, sql)} AS ${quoteIdentifier(name)}`;
  });
  return binds.statement(
    `SELECT ${cells.length === 0 ? 'true AS "none"' : cells.join(', ')} FROM ${relation} WHERE ${where}`,
  );
}
