import { quoteIdentifier } from '@rollcall/warehouse';
import type { Report, ReportFilter } from '../report.js';
import type { Statement } from './rows-query.js';
import { Binds, cellSql, columnOf, orderedSql, relationOf } from './sql-builder.js';

/** More options than this are no choice; people then search. */
export const MAX_OPTIONS = 500;

/**
 * What may be chosen: `value` (text, or null) and `rows` (text), by the alphabet; of more than 500 those with the most rows, and one more to
 * tell. Without a column there is nothing to choose: no rows.
 */
export function optionsStatement(report: Report, filter: ReportFilter, relation = relationOf(report)): Statement {
  const binds = new Binds();
  if (filter.op === 'where') return binds.statement('SELECT NULL::text AS value, NULL::text AS rows WHERE false');
  const column = columnOf(report, filter.column);
  const name = quoteIdentifier(column.name);
  const limit = binds.put(MAX_OPTIONS + 1, { name: 'int4' });
  const ordered = orderedSql(column);
  return binds.statement(
    `SELECT (${cellSql(column.type, name)})::text AS value, counted::text AS rows FROM (SELECT ${name}, count(*) AS counted FROM ${relation} GROUP BY ${name} ORDER BY count(*) DESC, ${ordered} NULLS LAST LIMIT ${limit}) AS options ORDER BY ${ordered} NULLS LAST`,
  );
}

/** The ends of the data: `min` and `max` as cells. */
export function extentStatement(report: Report, filter: ReportFilter, relation = relationOf(report)): Statement {
  const binds = new Binds();
  if (filter.op === 'where') return binds.statement('SELECT NULL::text AS min, NULL::text AS max');
  const column = columnOf(report, filter.column);
  const end = (of: 'min' | 'max'): string => cellSql(column.type, `${of}(${orderedSql(column)})`);
  return binds.statement(`SELECT ${end('min')} AS min, ${end('max')} AS max FROM ${relation}`);
}
