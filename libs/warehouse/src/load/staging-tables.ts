import type { Dialect } from '../dialect/dialect.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { keyShape } from '../schema/relation.js';
import { mayLean } from './fit-base.js';
import type { Dataset, LogicalType } from '@rollcall/catalog';

export const STAGED = 'pg_temp.rollcall_staged';
export const CLEARS = 'pg_temp.rollcall_clear';
export const REFUSED = 'pg_temp.rollcall_refused';
/** Rows that are not merged: `f` below a floor, `l` older than another one of this load, `o` not newer than what stands. */
export const VERDICT = 'pg_temp.rollcall_verdict';
/** Without a key: which position was ended by which deletion of this load. */
export const ENDED = 'pg_temp.rollcall_ended';
/** What stands under the keys of this load. */
export const STANDING = 'pg_temp.rollcall_standing';

const TEXT: LogicalType = { name: 'text' };
const INT2: LogicalType = { name: 'int2' };
const INT4: LogicalType = { name: 'int4' };
const BOOL: LogicalType = { name: 'bool' };
const BYTES: LogicalType = { name: 'bytes' };
const INSTANT: LogicalType = { name: 'timestamptz' };

export interface StagingField {
  readonly name: string;
  readonly type: LogicalType;
}

/** `_n`: number of the row in this load. `_b`: number of its batch. */
export function stagedFields(dataset: Dataset): readonly StagingField[] {
  return [
    { name: '_n', type: INT4 },
    { name: '_b', type: INT2 },
    { name: '_deleted', type: BOOL },
    { name: '_position', type: TEXT },
    ...(keyShape(dataset) === 'hash' ? [{ name: '_key', type: TEXT }] : []),
    { name: '_rest', type: TEXT },
    { name: '_extra', type: TEXT },
    ...(mayLean(dataset)
      ? [
          { name: '_unchanged', type: TEXT },
          { name: '_prev_key', type: TEXT },
        ]
      : []),
    ...(dataset.history === 'scd2'
      ? [
          { name: '_at', type: INSTANT },
          { name: '_observed', type: BOOL },
        ]
      : []),
    ...dataset.columns.map(({ name, type }) => ({ name, type })),
  ];
}

export const CLEAR_FIELDS: readonly StagingField[] = [
  { name: '_n', type: INT4 },
  { name: '_b', type: INT2 },
  { name: '_position', type: TEXT },
  { name: '_at', type: INSTANT },
  { name: 'depth', type: INT2 },
  { name: 'parts', type: TEXT },
];

export const REFUSED_FIELDS: readonly StagingField[] = [
  { name: '_b', type: INT2 },
  { name: '_position', type: TEXT },
  { name: 'reason', type: TEXT },
  { name: 'place', type: TEXT },
  { name: 'column', type: TEXT },
  { name: 'contract', type: TEXT },
  { name: 'length', type: INT4 },
  { name: 'sealed', type: BYTES },
  { name: 'format', type: TEXT },
  { name: 'header', type: TEXT },
  { name: 'row_key', type: TEXT },
];

/** Makes the temporary tables of one load. They belong to the connection, stand in no WAL and outlive a rollback. */
export async function createStaging(session: Session, dialect: Dialect, dataset: Dataset): Promise<void> {
  await dropStaging(session);
  await session.run(`CREATE TEMP TABLE rollcall_staged (${definitions(dialect, stagedFields(dataset))})`);
  await session.run(`CREATE TEMP TABLE rollcall_clear (${definitions(dialect, CLEAR_FIELDS)}, scope jsonb, fate text)`);
  await session.run(`CREATE TEMP TABLE rollcall_refused (${definitions(dialect, REFUSED_FIELDS)})`);
}

export async function dropStaging(session: Session): Promise<void> {
  await session.run(`DROP TABLE IF EXISTS ${[STAGED, CLEARS, REFUSED, VERDICT, STANDING, ENDED].join(', ')}`);
}

export function copySql(table: string, fields: readonly StagingField[]): string {
  return `COPY ${table} (${fields.map(({ name }) => quoteIdentifier(name)).join(', ')}) FROM STDIN (FORMAT binary)`;
}

/** Positions and hashes compare as bytes. */
const AS_BYTES: ReadonlySet<string> = new Set(['_position', '_key']);

function definitions(dialect: Dialect, fields: readonly StagingField[]): string {
  return fields
    .map(
      ({ name, type }) =>
        `${quoteIdentifier(name)} ${dialect.stagingType(type)}${AS_BYTES.has(name) ? ' COLLATE "C"' : ''}`,
    )
    .join(', ');
}
