import type { Column } from '../dataset.js';
import type { Value } from '../logical-type.js';
import { buildCleaning, buildPolicy } from '../policy/apply-policy.js';
import type { PiiKey } from '../policy/pii-key.js';
import { parseJsonValue } from '../values/parse-json.js';
import { valueParser } from '../values/parse-value.js';

/** What one column does with a raw value that is there (not null). */
export interface ColumnReader {
  readonly column: Column;
  /** The value, null where the policy drops it; undefined: it does not fit. */
  readonly read: (raw: unknown) => Value | undefined;
  /** The cleaned text before the policy, for rules that look at it. undefined: the value has no text. */
  readonly clearText: (raw: unknown) => string | undefined;
  /** What `_rest` may hold of a value that did not fit: its text, and never more than the policy lets through. */
  readonly forRest: (raw: unknown) => unknown;
  /** The value where the field is absent. */
  readonly absent: Value;
}

/** Throws config/invalid when the policy needs a key and there is none. */
export function buildColumnReader(column: Column, key: PiiKey | undefined): ColumnReader {
  const parse = valueParser(column.type);
  const clean = buildCleaning(column);
  const policy = buildPolicy(column, key);
  const open = column.pii === 'keep';
  const cleans = column.trim || column.lower;

  const clearText = (raw: unknown): string | undefined => {
    const text = scalarText(raw);
    return text === undefined ? undefined : clean(text);
  };
  const readOpen = cleans ? (raw: unknown) => parse(typeof raw === 'string' ? clean(raw) : raw) : parse;
  const readClosed = (raw: unknown): Value | undefined => {
    const text = scalarText(raw);
    if (text === undefined) return undefined;
    const allowed = policy(text);
    return allowed === null ? null : parse(allowed);
  };
  return {
    column,
    read: open ? readOpen : readClosed,
    clearText,
    forRest: open ? originalText : (raw) => policy(originalText(raw)),
    absent: column.absent?.kind === 'value' ? (parse(column.absent.value) ?? null) : null,
  };
}

/** The reader for records of JSON: there a string in a json column is a JSON string, in CSV it is the JSON itself. */
export function forJsonRecords(reader: ColumnReader): ColumnReader {
  const { column, read } = reader;
  if (column.type.name !== 'json' || column.pii !== 'keep') return reader;
  return { ...reader, read: (raw) => (typeof raw === 'string' ? parseJsonValue(raw) : read(raw)) };
}

function scalarText(raw: unknown): string | undefined {
  return typeof raw === 'string' ? raw : typeof raw === 'object' ? undefined : String(raw);
}

function originalText(raw: unknown): string {
  if (typeof raw === 'string') return raw;
  return typeof raw === 'object' ? JSON.stringify(raw) : String(raw);
}
