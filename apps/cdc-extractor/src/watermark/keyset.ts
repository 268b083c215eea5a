import type { Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { quoteSourceLiteral } from '@rollcall/source-postgres';
import type { PlannedColumn } from '../plan/capture-plan.js';
import type { WatermarkCursor } from '../state/watermark-state.js';
import { cursorLiteral, type CursorColumn } from './cursor-column.js';

/** What stands behind the select list: rows behind the cursor, in the order in which it goes on. Rows without a value are not among them. */
export function keysetSql(
  table: string,
  column: CursorColumn,
  key: readonly PlannedColumn[] | undefined,
  cursor: WatermarkCursor | undefined,
): string {
  const order = [column, ...(key ?? [])].map(({ sql }) => `${ROW}.${sql}`).join(', ');
  return `FROM ${table} AS ${ROW} WHERE ${behind(column, key, cursor)} ORDER BY ${order}`;
}

/** The same rows, and those without a value, in no order. */
export function countableSql(
  table: string,
  column: CursorColumn,
  key: readonly PlannedColumn[] | undefined,
  cursor: WatermarkCursor | undefined,
): string {
  return `FROM ${table} WHERE ${behind(column, key, cursor)} OR ${column.sql} IS NULL`;
}

function behind(
  column: CursorColumn,
  key: readonly PlannedColumn[] | undefined,
  cursor: WatermarkCursor | undefined,
): string {
  if (!cursor) return `${column.sql} IS NOT NULL`;
  const value = cursorLiteral(column, cursor.value);
  if (!cursor.key) return `${column.sql} ${cursor.inclusive ? '>=' : '>'} ${value}`;
  // The key is another one than it was: all rows of the value again.
  if (!key || key.length !== cursor.key.length) return `${column.sql} >= ${value}`;
  const columns = [column.sql, ...key.map(({ sql }) => sql)].join(', ');
  const values = key.map(
    ({ sourceColumn }, at) => `${quoteSourceLiteral(cursor.key?.[at] ?? '')}::${sourceColumn.type.text}`,
  );
  return `(${columns}) > (${[value, ...values].join(', ')})`;
}

/** A bare name in ORDER BY would be the select list's: a text, where the column is cast. */
export const ROW = 'rollcall_row';

export interface Span {
  /** Instants in UTC, ISO 8601. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** Rows of a span of the cursor, from (with) to (without), as somebody asked for them again. Code source/unfit when the cursor is no time. */
export function spanSql(table: string, column: CursorColumn, { from, to }: Span, dataset: Dataset): string {
  const conditions = [
    ...(from === undefined ? [] : [`${column.sql} >= ${instantLiteral(column, from, dataset)}`]),
    ...(to === undefined ? [] : [`${column.sql} < ${instantLiteral(column, to, dataset)}`]),
  ];
  return `FROM ${table} AS ${ROW} WHERE ${conditions.join(' AND ')} ORDER BY ${ROW}.${column.sql}`;
}

function instantLiteral({ kind, cast }: CursorColumn, instant: string, { name, zone }: Dataset): string {
  if (kind === 'value')
    throw new RollcallError('source/unfit', `${name}: a run from or to an instant needs a cursor that is a time`);
  const literal = `${quoteSourceLiteral(instant)}::timestamptz`;
  return kind === 'instant' ? literal : `(${literal} AT TIME ZONE ${quoteSourceLiteral(zone)})::${cast}`;
}

/** Whether a row's value is beyond the limit: what the source says, whose order it is. Without a limit all are. */
export function beyondSql(column: CursorColumn, limit: string | undefined): string {
  return limit === undefined ? 'true' : `(${column.sql} > ${cursorLiteral(column, limit)})`;
}
