import { quoteIdentifier } from '@rollcall/warehouse';
import type { Report, SortKey } from '../report.js';
import type { Cell, Row } from '../shown/api.js';
import { wholeOrder, writeCursor } from './page-cursor.js';
import type { FilterValues, RowsQuery, Statement } from './rows-query.js';
import { Binds, cellSql, columnOf, orderBySql, orderedSql, relationOf } from './sql-builder.js';
import { whereSql } from './where-sql.js';

/** One row more than the page: whether there is a next one. Columns of the report, in its order, as cells. */
export function rowsStatement(report: Report, query: RowsQuery, relation = relationOf(report)): Statement {
  const binds = new Binds();
  const order = wholeOrder(report, query.sort);
  const conditions = [whereSql(report, query.filters, binds, relation)];
  if (query.after) conditions.push(behindSql(report, order, query.after.values, binds));
  const limit = binds.put(query.limit + 1, { name: 'int4' });
  // The order is by the values, not by the texts that stand for them: so cells are made outside.
  return binds.statement(
    `SELECT ${cellsSql(report)} FROM (SELECT * FROM ${relation} WHERE ${conditions.join(' AND ')}${orderBySql(order, report.columns)} LIMIT ${limit}) AS page${orderBySql(order, report.columns, 'page.')}`,
  );
}

/** All rows that match, in order, for exports: the caller reads them through a cursor of its own. */
export function exportStatement(
  report: Report,
  query: Pick<RowsQuery, 'filters' | 'sort'>,
  relation = relationOf(report),
): Statement {
  const binds = new Binds();
  const where = whereSql(report, query.filters, binds, relation);
  const order = orderBySql(wholeOrder(report, query.sort), report.columns, 'page.');
  return binds.statement(`SELECT ${cellsSql(report)} FROM (SELECT * FROM ${relation} WHERE ${where}) AS page${order}`);
}

export function countStatement(report: Report, filters: FilterValues, relation = relationOf(report)): Statement {
  const binds = new Binds();
  const where = whereSql(report, filters, binds, relation);
  return binds.statement(`SELECT count(*)::text AS total FROM ${relation} WHERE ${where}`);
}

/** The row with this grain, as cells; none or one. */
export function rowStatement(report: Report, grain: Row, relation = relationOf(report)): Statement {
  const binds = new Binds();
  const conditions = report.grain.map((name) => {
    const bound = binds.put(grain[name] ?? null, columnOf(report, name).type);
    return `${quoteIdentifier(name)} = ${bound}`;
  });
  return binds.statement(
    `SELECT ${cellsSql(report)} FROM (SELECT * FROM ${relation} WHERE ${conditions.join(' AND ')}) AS page LIMIT 2`,
  );
}

/** The cursor of the next page, from the rows that the statement gave; null: this is the last. */
export function nextCursor(report: Report, query: RowsQuery, rows: readonly Row[], refreshId: string): string | null {
  const last = rows.length > query.limit ? rows[query.limit - 1] : undefined;
  return last ? writeCursor(report, query, last, query.after?.refreshId ?? refreshId) : null;
}

function cellsSql(report: Report): string {
  return report.columns
    .map(({ name, type }) => `${cellSql(type, `page.${quoteIdentifier(name)}`)} AS ${quoteIdentifier(name)}`)
    .join(', ');
}

/** Rows that come behind these values: equal in the first keys and behind in the next. What is empty is behind everything else. */
function behindSql(report: Report, order: readonly SortKey[], values: readonly Cell[], binds: Binds): string {
  const keys = order.map(({ column, descending }, at) => {
    const { name, type } = columnOf(report, column);
    const sql = orderedSql({ name, type });
    const value = values[at] ?? null;
    if (value === null) return { equal: `${quoteIdentifier(name)} IS NULL`, behind: 'false', from: [] };
    const bound = binds.put(value, type);
    const sign = descending ? '<' : '>';
    const mayBeEmpty = !report.grain.includes(name);
    const empty = mayBeEmpty ? ` OR ${quoteIdentifier(name)} IS NULL` : '';
    return {
      equal: `${sql} = ${bound}`,
      behind: `(${sql} ${sign} ${bound}${empty})`,
      from: mayBeEmpty ? [] : [`${sql} ${sign}= ${bound}`],
    };
  });
  const ways = keys.map(({ behind }, at) => [...keys.slice(0, at).map(({ equal }) => equal), behind].join(' AND '));
  const behind = `(${ways.map((way) => `(${way})`).join(' OR ')})`;
  // Says no more than the ways do, but in a form that an index can begin with.
  return [...(keys[0]?.from ?? []), behind].join(' AND ');
}
