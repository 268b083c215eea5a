import type { LogicalType, Value } from '@rollcall/catalog';
import { unscaledOf } from './decimal-text.js';

/** What the Parquet writer takes, NULL left out. */
type Physical = boolean | number | bigint | string | Uint8Array;

/**
 * Turns values into what the Parquet writer wants for the column's element. NULL stays null.
 * A value that is not of its type is a bug of whoever parsed it: RangeError or TypeError with the column's name, never the value.
 */
export function encodeColumn(name: string, type: LogicalType, values: readonly Value[]): (Physical | null)[] {
  const encode = encoderOf(type);
  const out = new Array<Physical | null>(values.length);
  for (let i = 0; i < values.length; i += 1) {
    const value = values[i];
    if (value === undefined) throw new TypeError(`column ${name}, row ${i}: undefined is no value`);
    const physical = value === null ? null : encode(value);
    if (physical === undefined)
      throw new TypeError(`column ${name}, row ${i}: a ${typeof value} that is no ${type.name}`);
    out[i] = physical;
  }
  return out;
}

const INT64_MAX = 2n ** 63n - 1n;

function encoderOf(type: LogicalType): (value: Value) => Physical | undefined {
  switch (type.name) {
    case 'bool':
      return (v) => (typeof v === 'boolean' ? v : undefined);
    case 'int2':
      return (v) => integer(v, 0x7fff);
    case 'int4':
    case 'date':
      return (v) => integer(v, 0x7fff_ffff);
    case 'float4':
    case 'float8':
      return (v) => (typeof v === 'number' ? v : undefined);
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return (v) => (typeof v === 'bigint' && v <= INT64_MAX && v >= -INT64_MAX - 1n ? v : undefined);
    case 'decimal':
      return (v) => (typeof v === 'string' ? unscaledOf(v, type.precision, type.scale) : undefined);
    case 'uuid':
      return (v) => (typeof v === 'string' ? uuidBytes(v) : undefined);
    case 'bytes':
      return (v) => (v instanceof Uint8Array ? v : undefined);
    default:
      return (v) => (typeof v === 'string' ? v : undefined);
  }
}

function integer(value: Value, max: number): number | undefined {
  return typeof value === 'number' && Number.isInteger(value) && value <= max && value >= -max - 1 ? value : undefined;
}

function uuidBytes(text: string): Uint8Array | undefined {
  if (text.length !== 36) return undefined;
  const bytes = Buffer.from(text.replaceAll('-', ''), 'hex');
  return bytes.byteLength === 16 ? bytes : undefined;
}
