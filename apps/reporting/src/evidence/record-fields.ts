import { isDeepStrictEqual } from 'node:util';
import {
  formatLogicalType,
  parseValue,
  valueToJson,
  valueToText,
  type LogicalType,
  type Value,
} from '@rollcall/catalog';
import type { Cell, RecordAnswer } from '@rollcall/reports/shown';

export type RecordField = RecordAnswer['fields'][number];

/** A field in one of the three places. Absent: that place has no such field. */
export interface FieldVersions {
  readonly name: string;
  /** As the contract has it today. */
  readonly type: LogicalType;
  /** Postgres' text of the value. */
  readonly clean?: string | null;
  readonly raw?: string | null;
  /** The lake may hold it under the type of an older contract. */
  readonly lake?: { readonly type: LogicalType; readonly value: Value };
}

/** The three versions side by side. Equal is what means the same, however it is written: 1.5 and 1.50, JSON with its keys in another order. */
export function recordField({ name, type, clean, raw, lake }: FieldVersions): RecordField {
  const present: Value[] = [];
  const cells = { clean: null as Cell, raw: null as Cell, lake: null as Cell };
  if (clean !== undefined) present.push((cells.clean = cellOf(type, valueOf(type, clean))));
  if (raw !== undefined) present.push((cells.raw = cellOf(type, valueOf(type, raw))));
  if (lake !== undefined) {
    const value = valueOf(type, valueToText(lake.type, lake.value));
    present.push((cells.lake = cellOf(type, value)));
  }
  const [first = null, ...others] = present;
  return {
    name,
    type: formatLogicalType(type),
    ...cells,
    differs: others.some((other) => !isSame(type, first, other)),
  };
}

/** A value as the API says it: instants and local times with all six digits of the fraction. */
export function cellOf(type: LogicalType, value: Value): Cell {
  const cell = valueToJson(type, value);
  if (type.name !== 'timestamptz' && type.name !== 'timestamp') return cell;
  return typeof cell === 'string' ? cell.replace(/(T\d\d:\d\d:\d\d)(?!\.)/, '$1.000000') : cell;
}

/** A text that does not read as the type is shown as it is. */
function valueOf(type: LogicalType, text: string | null): Value {
  const parsed = parseValue(type, text);
  return parsed.ok ? parsed.value : text;
}

function isSame(type: LogicalType, a: Value, b: Value): boolean {
  if (a === null || b === null) return a === b;
  switch (type.name) {
    case 'numeric':
    case 'decimal':
      return withoutTrailingZeros(String(a)) === withoutTrailingZeros(String(b));
    case 'json':
    case 'array':
      return isDeepStrictEqual(jsonOf(a), jsonOf(b));
    case 'bytes':
      return isDeepStrictEqual(a, b);
    default:
      return Object.is(a, b);
  }
}

function withoutTrailingZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}

function jsonOf(text: Value): unknown {
  try {
    return JSON.parse(String(text));
  } catch {
    return text;
  }
}
