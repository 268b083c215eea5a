import { parseValue, valueToText, type Dataset, type Value } from '@rollcall/catalog';
import type { Dialect } from '../dialect/dialect.js';
import { readAs, write } from './fit-row.js';
import type { RowRefusal, Work } from './fitted-group.js';

/** The server's B-tree refuses longer entries. */
export const MAX_KEY_BYTES = 2_000;

/** A tombstone keeps its key alone. */
export function fitDeletion(
  dataset: Dataset,
  work: readonly Work[],
  row: number,
  rests: Value[],
): RowRefusal | undefined {
  rests[row] = null;
  for (const entry of work) {
    if (!dataset.key.includes(entry.column.name)) {
      if ((entry.values[row] ?? null) !== null) write(entry, row, null);
    } else if (entry.misfits?.has(row) === true) {
      const value = readAs(entry, valueToText(entry.type, entry.values[row] ?? null) ?? '');
      if (value === undefined) return { reason: 'type-mismatch', column: entry.column.name };
      write(entry, row, value);
    }
  }
  return undefined;
}

/** A row without a key, or with one that no index takes, cannot stand in raw. */
export function checkKey(
  dataset: Dataset,
  work: readonly Work[],
  keys: readonly Value[],
  row: number,
): RowRefusal | undefined {
  if (dataset.keyForm === 'hash' && typeof keys[row] !== 'string') return { reason: 'key-missing', column: '_key' };
  const needed = keyShapeColumns(dataset);
  let bytes = 0;
  for (const { column, values } of work) {
    const value = values[row] ?? null;
    if (needed.includes(column.name)) {
      if (value === null) return { reason: 'key-missing', column: column.name };
      bytes += sizeOf(value);
    } else if (dataset.derive.some((rule) => rule.by === column.name) && sizeOf(value) > MAX_KEY_BYTES) {
      return { reason: 'key-too-long', column: column.name };
    }
  }
  return bytes > MAX_KEY_BYTES ? { reason: 'key-too-long', column: dataset.key.join(', ') } : undefined;
}

/** The key columns that are the primary key themselves: none where a hash is. */
function keyShapeColumns(dataset: Dataset): readonly string[] {
  return dataset.keyForm === 'hash' ? [] : dataset.key;
}

function sizeOf(value: Value): number {
  if (typeof value === 'string') return value.length < MAX_KEY_BYTES / 4 ? value.length : Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.length : 16;
}

/** The key values of a scope as text; undefined: not a prefix of the key. */
export function scopeOf(dataset: Dataset, scope: Value, dialect: Dialect): readonly string[] | undefined {
  const values: unknown = typeof scope === 'string' ? parsedJson(scope) : undefined;
  if (!Array.isArray(values) || values.length > dataset.key.length) return undefined;
  const texts: string[] = [];
  for (const [place, raw] of values.entries()) {
    const column = dataset.columns.find((candidate) => candidate.name === dataset.key[place]);
    if (column === undefined) return undefined;
    const parsed = parseValue(column.type, raw);
    if (!parsed.ok || parsed.value === null || !dialect.fits(column.type)(parsed.value)) return undefined;
    texts.push(valueToText(column.type, parsed.value) ?? '');
  }
  return texts;
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
