import type { Dialect } from '../dialect/dialect.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { rawTable, type RawColumn, type Relation } from '../schema/relation.js';
import { STAGED } from './staging-tables.js';

/** What every step of a load transaction works on. */
export interface LoadContext {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly relation: Relation;
  /** Number of a batch in this load -> its id in the ledger. */
  readonly batchIds: readonly (string | null)[];
  /** Nothing stands in raw: nothing can be in conflict with it. */
  readonly rawIsEmpty: boolean;
}

/** The staged value of a column of raw, as that column's type. `s`: the staged row. */
export function stagedValue({ dialect, relation }: LoadContext, column: RawColumn): string {
  const staged = relation.dataset.columns.find((candidate) => candidate.name === column.name);
  if (staged === undefined) {
    const text = `(s._extra::json ->> ${literal(column.name)})`;
    return column.type.name === 'text' ? text : `${text}::${dialect.columnType(column.type)}`;
  }
  const value = dialect.fromStaging(staged.type, `s.${quoteIdentifier(column.name)}`);
  return staged.type.name === column.type.name ? value : `${value}::${dialect.columnType(column.type)}`;
}

/** The staged value of a key column by its physical name. */
export function stagedKey(context: LoadContext, physical: string): string {
  const column = context.relation.columns.find((candidate) => candidate.physical === physical);
  return column === undefined ? `s.${quoteIdentifier(physical)}` : stagedValue(context, column);
}

/** `r.key = s.key` for every column of the key. */
export function keysMatch(context: LoadContext): string {
  return context.relation.key
    .map((physical) => `r.${quoteIdentifier(physical)} = ${stagedKey(context, physical)}`)
    .join(' AND ');
}

/**
 * Whether a row `r` of raw says what the staged one says, or what another row of raw says: all business columns, `_rest`, and whether it is deleted.
 * @param other the alias of that row of raw
 */
export function sameContent(context: LoadContext, other?: string): string {
  const valueOf = (column: RawColumn): string =>
    other === undefined ? stagedValue(context, column) : `${other}.${quoteIdentifier(column.physical)}`;
  const rest = other === undefined ? 's._rest' : `${other}._rest::text`;
  const parts = context.relation.columns
    .filter((column) => !context.relation.key.includes(column.physical))
    .map((column) => `r.${quoteIdentifier(column.physical)} IS NOT DISTINCT FROM ${valueOf(column)}`);
  const own = [`r._rest::text IS NOT DISTINCT FROM ${rest}`, `r._deleted = ${other ?? 's'}._deleted`];
  return [...parts, ...own].join(' AND ');
}

/** The columns that raw and history take from a staged row, and their values. `batches`: the parameter that holds the ledger ids. */
export function rowColumns(
  context: LoadContext,
  batches: string,
): { readonly names: readonly string[]; readonly values: readonly string[] } {
  const { relation } = context;
  const key = relation.key.includes('_key') ? ['_key'] : [];
  const columns = relation.columns.map((column) => ({
    name: quoteIdentifier(column.physical),
    value: stagedValue(context, column),
  }));
  return {
    names: [...key, ...columns.map(({ name }) => name), '_rest', '_batch_id', '_position', '_deleted'],
    values: [
      ...key.map((name) => `s.${name}`),
      ...columns.map(({ value }) => value),
      's._rest::json',
      `(${batches}::int8[])[s._b + 1]`,
      's._position',
      's._deleted',
    ],
  };
}

export async function countOf(session: Session, sql: string, values: readonly unknown[] = []): Promise<number> {
  const [row] = await session.rows<{ count: string }>(sql, values);
  return Number(row?.count ?? 0);
}

export const raw = ({ relation }: LoadContext): string => rawTable(relation.dataset.name);
export const stagedRows = `${STAGED} s`;

function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
