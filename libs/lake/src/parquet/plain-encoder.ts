import type { LogicalType, Value } from '@rollcall/catalog';
import type { ByteSink } from './byte-sink.js';
import { smallUnscaledOf, unscaledOf } from '@rollcall/catalog';
import { parquetElement } from './parquet-element.js';

/** What the bounds of a column chunk are compared by. */
export type Bound = number | bigint | string;

/**
 * Appends one value, PLAIN, and gives what bounds are made of: `true` when it counts for none (a NaN, a type whose bounds help nobody).
 * `undefined`: the value is not of the type, nothing was appended.
 */
export type AppendPlain = (sink: ByteSink, value: Value) => Bound | true | undefined;

const INT64_MAX = 2n ** 63n - 1n;

/** How values of a type are written. */
export function plainEncoder(type: LogicalType): AppendPlain {
  switch (type.name) {
    case 'int2':
      return integerEncoder(0x7fff);
    case 'int4':
    case 'date':
      return integerEncoder(0x7fff_ffff);
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return appendInt64;
    case 'float4':
      return (sink, v) => (typeof v === 'number' ? (sink.float32(v), boundOfFloat(Math.fround(v))) : undefined);
    case 'float8':
      return (sink, v) => (typeof v === 'number' ? (sink.float64(v), boundOfFloat(v)) : undefined);
    case 'decimal':
      return decimalEncoder(type.precision, type.scale);
    case 'uuid':
      return appendUuid;
    case 'bytes':
      return (sink, v) => (v instanceof Uint8Array ? (sink.byteArray(v), true) : undefined);
    case 'bool':
      throw new RangeError('booleans are packed, not appended');
    default:
      return (sink, v) => (typeof v === 'string' ? (sink.text(v), v) : undefined);
  }
}

function integerEncoder(max: number): AppendPlain {
  return (sink, v) => {
    if (typeof v !== 'number' || !Number.isInteger(v) || v > max || v < -max - 1) return undefined;
    sink.int32(v);
    return v;
  };
}

function appendInt64(sink: ByteSink, value: Value): Bound | undefined {
  if (typeof value !== 'bigint' || value > INT64_MAX || value < -INT64_MAX - 1n) return undefined;
  sink.int64(value);
  return value;
}

function boundOfFloat(value: number): Bound | true {
  return Number.isNaN(value) ? true : value;
}

function decimalEncoder(precision: number, scale: number): AppendPlain {
  const { type, type_length: length = 0 } = parquetElement({ name: 'decimal', precision, scale });
  const unscale = (text: string): bigint =>
    BigInt(smallUnscaledOf(text, precision, scale) ?? unscaledOf(text, precision, scale));
  if (type === 'INT32') {
    return (sink, v) => {
      if (typeof v !== 'string') return undefined;
      const unscaled = smallUnscaledOf(v, precision, scale) ?? Number(unscaledOf(v, precision, scale));
      sink.int32(unscaled);
      // The library that writes the footer takes numbers for scaled ones.
      return BigInt(unscaled);
    };
  }
  return (sink, v) => {
    if (typeof v !== 'string') return undefined;
    const unscaled = unscale(v);
    if (type === 'INT64') sink.int64(unscaled);
    else for (let shift = 8 * (length - 8); shift >= 0; shift -= 64) sink.bigEndian64(unscaled >> BigInt(shift));
    return unscaled;
  };
}

function appendUuid(sink: ByteSink, value: Value): true | undefined {
  if (typeof value !== 'string' || !isUuid(value)) return undefined;
  for (let at = 0; at < 36; at += 2) {
    if (value.charCodeAt(at) === HYPHEN) at += 1;
    sink.uint8((digitAt(value, at) << 4) | digitAt(value, at + 1));
  }
  return true;
}

const HYPHEN = 0x2d;

function isUuid(text: string): boolean {
  if (text.length !== 36) return false;
  for (let at = 0; at < 36; at += 1) {
    const isHyphen = at === 8 || at === 13 || at === 18 || at === 23;
    if (isHyphen ? text.charCodeAt(at) !== HYPHEN : digitAt(text, at) < 0) return false;
  }
  return true;
}

/** The value of a hex digit; -1 when it is none. */
function digitAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
