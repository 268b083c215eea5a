import {
  parseLogicalType,
  parseValue,
  postgresType,
  rowKey,
  valueToText,
  type Dataset,
  type LogicalType,
} from '@rollcall/catalog';
import { qualified, quoteIdentifier } from '@rollcall/warehouse';
import type { Reading } from './batch-facts.js';
import type { LakeField } from './lake-record.js';

/** A column of raw that is in use. */
export interface StandingColumn {
  /** As the contract, or the unknown field, names it. */
  readonly name: string;
  readonly physical: string;
  readonly type: LogicalType;
}

/** The version that stands under a record's key. Values are Postgres' texts. */
export interface StandingVersion {
  /** `ops.batch.id`. */
  readonly batch: string;
  readonly position: string;
  /** A tombstone: it keeps its key and nothing else, and is not served. */
  readonly deleted: boolean;
  /** By the column's name in the contract. */
  readonly values: ReadonlyMap<string, string | null>;
  readonly rest: string | null;
}

export async function standingColumns(warehouse: Reading, dataset: string): Promise<readonly StandingColumn[]> {
  const rows = await warehouse.query<{ name: string; physical: string; type: string }>(
    'SELECT name, physical, type FROM ops.raw_column WHERE dataset = $1 AND NOT retired ORDER BY place',
    [dataset],
  );
  return rows.flatMap(({ name, physical, type: text }) => {
    const type = parseLogicalType(text);
    return type === undefined ? [] : [{ name, physical, type }];
  });
}

/** What stands in raw under the key of a record of the lake, by the primary key; undefined when nothing does. */
export async function standingVersion(
  warehouse: Reading,
  dataset: Dataset,
  columns: readonly StandingColumn[],
  record: readonly LakeField[],
): Promise<StandingVersion | undefined> {
  const key = keyCondition(dataset, columns, record);
  if (key === undefined || columns.length === 0) return undefined;
  const list = columns.map(({ physical }, at) => `, r.${quoteIdentifier(physical)}::text AS c${at}`).join('');
  const [row] = await warehouse.query<Record<string, unknown>>(
    `SELECT r._batch_id::text AS batch, r._position AS position, r._deleted AS deleted, r._rest::text AS rest${list}
     FROM ${qualified('raw', dataset.name)} r WHERE ${key.condition}`,
    key.values,
  );
  if (row === undefined) return undefined;
  return {
    batch: String(row['batch']),
    position: String(row['position']),
    deleted: row['deleted'] === true,
    values: new Map(columns.map(({ name }, at) => [name, textOf(row[`c${at}`])])),
    rest: textOf(row['rest']),
  };
}

/** The same version as it is served, by the columns of `analytics.<dataset>` in their order; undefined when it is not served. */
export async function servedVersion(
  warehouse: Reading,
  dataset: Dataset,
  version: StandingVersion,
): Promise<ReadonlyMap<string, string | null> | undefined> {
  if (version.deleted) return undefined;
  const view = qualified('analytics', dataset.name);
  const names = await viewColumns(warehouse, dataset.name);
  if (names.length === 0) return undefined;
  const narrow = narrowing(dataset, version);
  const conditions = narrow.map(
    ({ name, type }, at) => `a.${quoteIdentifier(name)} = $${at + 3}::${postgresType(type)}`,
  );
  const [row] = await warehouse.query<Record<string, unknown>>(
    `SELECT ${names.map((name, at) => `a.${quoteIdentifier(name)}::text AS c${at}`).join(', ')} FROM ${view} a
     WHERE ${['a._batch_id = $1::bigint', 'a._position = $2', ...conditions].join(' AND ')} LIMIT 1`,
    [version.batch, version.position, ...narrow.map(({ text }) => text)],
  );
  return row && new Map(names.map((name, at) => [name, textOf(row[`c${at}`])]));
}

async function viewColumns(warehouse: Reading, dataset: string): Promise<readonly string[]> {
  const rows = await warehouse.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [qualified('analytics', dataset)],
  );
  return rows.map(({ name }) => name).filter((name) => name !== '_batch_id' && name !== '_position');
}

interface KeyCondition {
  readonly condition: string;
  readonly values: readonly unknown[];
}

function keyCondition(
  dataset: Dataset,
  columns: readonly StandingColumn[],
  record: readonly LakeField[],
): KeyCondition | undefined {
  const field = (name: string): LakeField | undefined => record.find((candidate) => candidate.name === name);
  if (dataset.keyForm === 'hash') {
    const values = dataset.columns.map(({ name }) => field(name)?.value ?? null);
    const rest = field('_rest')?.value;
    const key = field('_key')?.value ?? rowKey(dataset, values, typeof rest === 'string' ? rest : null);
    return { condition: 'r._key = $1', values: [key] };
  }
  if (dataset.key.length === 0) return { condition: 'r._position = $1', values: [field('_position')?.value ?? null] };
  const conditions: string[] = [];
  const values: (string | null)[] = [];
  for (const name of dataset.key) {
    const standing = columns.findLast((column) => column.name === name);
    const given = field(name);
    if (standing === undefined || given === undefined) return undefined;
    const text = valueToText(given.type, given.value);
    // A key that does not fit its column never stood in raw.
    if (text === null || !parseValue(standing.type, text).ok) return undefined;
    values.push(text);
    conditions.push(`r.${quoteIdentifier(standing.physical)} = $${values.length}::${postgresType(standing.type)}`);
  }
  return { condition: conditions.join(' AND '), values };
}

/**
 * What the view shows as raw has it, of the columns that have indexes (the key, what sessions are made by): with position and batch alone
 * the database would read the whole table.
 */
function narrowing(
  dataset: Dataset,
  version: StandingVersion,
): readonly { readonly name: string; readonly type: LogicalType; readonly text: string }[] {
  const indexed = new Set([...dataset.key, ...dataset.derive.flatMap(({ by, at }) => [by, at])]);
  return dataset.columns.flatMap(({ name, type, trim, lower, pii }) => {
    const isCleaned = type.name === 'text' && pii === 'keep' && (trim || lower);
    const text = version.values.get(name) ?? null;
    return indexed.has(name) && !isCleaned && text !== null ? [{ name, type, text }] : [];
  });
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
