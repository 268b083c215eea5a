import { hash } from 'node:crypto';
import type { Dataset } from '../dataset.js';
import type { LogicalType, Value } from '../logical-type.js';
import { valueToText } from '../values/value-to-text.js';

/** Makes the `_key` of a row from its values in column order. `rest` counts only where a dataset has no key. */
export type RowKey = (values: readonly Value[], rest?: string | null) => string;

/**
 * `_key`: sha256, 64 hex digits, over the key columns in the order given, each as `<bytes of UTF-8>:<canonical text>`, `-` for NULL.
 * So ('a', 'bc') and ('ab', 'c') differ, NULL and '' differ, 1.5 and 1.50 do not. Instants count as whole microseconds since 1970, days as days.
 * Without a key: over all columns that are not NULL, by name with their names, and `_rest`; so equal rows collapse, and a column added to the
 * contract that a row does not carry leaves its key as it was.
 */
export function buildRowKey(dataset: Dataset): RowKey {
  if (dataset.key.length === 0) return keyOfAllColumns(dataset);
  const parts = dataset.key.map((name) => {
    const index = dataset.columns.findIndex((column) => column.name === name);
    const column = dataset.columns[index];
    if (!column) throw new RangeError(`row key: ${dataset.name} has no column ${name}`);
    return { index, canonical: canonicalText(column.type) };
  });
  return function rowKeyOf(values) {
    let text = '';
    for (const { index, canonical } of parts) text += lengthPrefixed(values[index] ?? null, canonical);
    return hash('sha256', text, 'hex');
  };
}

/** The same for a single row. */
export function rowKey(dataset: Dataset, values: readonly Value[], rest: string | null = null): string {
  return buildRowKey(dataset)(values, rest);
}

function keyOfAllColumns(dataset: Dataset): RowKey {
  const parts = dataset.columns
    .map(({ name, type }, index) => ({ name: `${name.length}:${name}`, index, canonical: canonicalText(type) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return function rowKeyOfAll(values, rest) {
    let text = '';
    for (const { name, index, canonical } of parts) {
      const value = values[index] ?? null;
      if (value !== null) text += name + lengthPrefixed(value, canonical);
    }
    if (rest) text += `_rest${Buffer.byteLength(rest)}:${rest}`;
    return hash('sha256', text, 'hex');
  };
}

function lengthPrefixed(value: Value, canonical: (value: Value) => string): string {
  if (value === null) return '-';
  const text = canonical(value);
  return `${Buffer.byteLength(text)}:${text}`;
}

/** The text that stands for a value in a key: one per value, cheap to make. */
function canonicalText(type: LogicalType): (value: Value) => string {
  if (type.name === 'numeric' || type.name === 'decimal') return (value) => withoutTrailingZeros(String(value));
  if (type.name === 'bytes' || type.name === 'float4') return (value) => valueToText(type, value) ?? '';
  return String;
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
