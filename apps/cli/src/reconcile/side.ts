import { quoteSourceLiteral } from '@rollcall/source-postgres';
import type { ComparePlan } from './compare-plan.js';
import type { KeySide } from './key-column.js';

/** Texts of the key's values, in its order. */
export type Key = readonly string[];

/** Keys from (with) to (without). Absent: no end on that side. */
export interface KeyRange {
  readonly from?: Key;
  readonly before?: Key;
}

/** One of the two databases, as the statements that compare need it. */
export interface Side {
  /** Quoted and qualified. */
  readonly table: string;
  /** Which of its rows count. */
  readonly where: string;
  /** Outputs of a row that are compared. */
  readonly values: readonly string[];
  readonly key: readonly KeySide[];
  /** Further columns of `rowsSql`. */
  readonly more: string;
}

export function sourceSide(plan: ComparePlan, table: string): Side {
  const values = plan.columns.map(({ source }) => source);
  const key = plan.key.map(({ source }) => source);
  return { table: plan.distinct ? distinct(table, values) : table, where: 'true', values, key, more: '' };
}

export function warehouseSide(plan: ComparePlan, table: string): Side {
  const values = plan.columns.map(({ warehouse }) => warehouse);
  const key = plan.key.map(({ warehouse }) => warehouse);
  const where = 'NOT _deleted';
  const from = plan.distinct ? distinct(`${table} WHERE ${where}`, values) : table;
  return { table: from, where, values, key, more: ', _position AS position' };
}

function distinct(from: string, values: readonly string[]): string {
  return `(SELECT DISTINCT ON (ROW(${values.join(', ')})::text) * FROM ${from}) d`;
}

/**
 * `(key)`: the first key of every range but the first one, each of so many rows. Ordered as the server orders.
 * Without a key there are none.
 */
export function boundsSql({ table, where, key }: Side, rowsPerRange: number): string {
  const order = key.map((column) => column.order).join(', ');
  return `
SELECT key FROM (SELECT ARRAY[${key.map(({ text }) => text).join(', ')}] AS key, row_number() OVER (ORDER BY ${order}) AS place FROM ${table} WHERE ${where}) k
WHERE place > 1 AND place % ${rowsPerRange} = ${1 % rowsPerRange} AND array_position(key, NULL) IS NULL ORDER BY place`;
}

/** `(key)`: bounds of several tables as one list, in order. */
export function sortedBoundsSql(key: readonly KeySide[], bounds: readonly Key[]): string {
  const rows = bounds.map((bound) => `(${arrayOf(bound)}, ${constants(key, bound).join(', ')})`).join(', ');
  const names = key.map((_, at) => `o${at}`).join(', ');
  return `SELECT key FROM (SELECT DISTINCT ON (${names}) * FROM (VALUES ${rows}) v (key, ${names}) ORDER BY ${names}) b ORDER BY ${names}`;
}

/** `(range, rows, checksum)` of every range that has rows: in one pass, by one snapshot. `bounds`: in order. */
export function rangesSql(side: Side, bounds: readonly Key[]): string {
  const { table, where, key } = side;
  const list = bounds.map((bound) => rowOf(constants(key, bound))).join(', ');
  const isCut = key.length > 0 && bounds.length > 0;
  const range = isCut
    ? `coalesce(width_bucket(${rowOf(key.map(({ order }) => order))}, (SELECT list FROM bounds)), 0)`
    : '0';
  // The list is made once, not for every row.
  return `${isCut ? `WITH bounds AS MATERIALIZED (SELECT ARRAY[${list}] AS list)` : ''}
SELECT ${range} AS range, count(*)::text AS rows, coalesce(sum(${hashOf(side)}), 0)::text AS checksum FROM ${table} WHERE ${where} GROUP BY 1`;
}

/** `(key, hash, …)` of every row of a range. */
export function rowsSql(side: Side, range: KeyRange): string {
  const { table, where, key, more } = side;
  return `SELECT ARRAY[${key.map(({ text }) => text).join(', ')}] AS key, ${hashOf(side)}::text AS hash${more} FROM ${table} WHERE ${where} AND ${inRange(key, range)}`;
}

/** Row comparisons: an index on the first columns of the key finds them. */
function inRange(key: readonly KeySide[], { from, before }: KeyRange): string {
  const columns = rowOf(key.map(({ order }) => order));
  const parts = [
    ...(from ? [`${columns} >= ${rowOf(constants(key, from))}`] : []),
    ...(before ? [`${columns} < ${rowOf(constants(key, before))}`] : []),
  ];
  return parts.length === 0 ? 'true' : parts.join(' AND ');
}

/**
 * 60 bits of a row's outputs. The output of a record is unambiguous (NULL, '' and every separator are told apart); its bytes are taken in UTF-8,
 * whatever a server stores text in.
 */
function hashOf({ values }: Side): string {
  return `('x' || left(encode(sha256(convert_to(ROW(${values.join(', ')})::text, 'UTF8')), 'hex'), 15))::bit(60)::int8`;
}

function constants(key: readonly KeySide[], bound: Key): readonly string[] {
  return key.map(({ constant }, at) => constant(bound[at] ?? ''));
}

function rowOf(parts: readonly string[]): string {
  return parts.length === 1 ? (parts[0] ?? '') : `ROW(${parts.join(', ')})`;
}

function arrayOf(texts: readonly string[]): string {
  return `ARRAY[${texts.map((text) => quoteSourceLiteral(text)).join(', ')}]`;
}
