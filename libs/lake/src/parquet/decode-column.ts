import type { LogicalType, Value } from '@rollcall/catalog';
import { decimalTextOf } from '@rollcall/catalog';

/** Turns what the Parquet reader gives for a column's element (physical values; text decoded) back into values. */
export function decodeColumn(type: LogicalType, physical: ArrayLike<unknown>): Value[] {
  const decode = decoderOf(type);
  const out = new Array<Value>(physical.length);
  for (let i = 0; i < physical.length; i += 1) {
    const value = physical[i];
    const decoded = value === null || value === undefined ? null : decode(value);
    if (decoded === undefined) throw new TypeError(`row ${i}: the file does not hold a ${type.name}`);
    out[i] = decoded;
  }
  return out;
}

function decoderOf(type: LogicalType): (value: unknown) => Value | undefined {
  switch (type.name) {
    case 'bool':
      return (v) => (typeof v === 'boolean' ? v : undefined);
    case 'int2':
    case 'int4':
    case 'date':
    case 'float4':
    case 'float8':
      return (v) => (typeof v === 'number' ? v : undefined);
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return (v) => (typeof v === 'bigint' ? v : undefined);
    case 'decimal':
      return decimalDecoder(type.scale);
    case 'uuid':
      return (v) => (v instanceof Uint8Array ? uuidText(v) : undefined);
    case 'bytes':
      return (v) => (v instanceof Uint8Array ? v : undefined);
    default:
      return (v) => (typeof v === 'string' ? v : undefined);
  }
}

function decimalDecoder(scale: number): (value: unknown) => Value | undefined {
  return (v) => {
    if (typeof v === 'number' || typeof v === 'bigint') return decimalTextOf(v, scale);
    return v instanceof Uint8Array
      ? decimalTextOf(BigInt.asIntN(8 * v.byteLength, BigInt(`0x${hexOf(v)}`)), scale)
      : undefined;
  };
}

function uuidText(bytes: Uint8Array): string {
  const hex = hexOf(bytes);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
}
