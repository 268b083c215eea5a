import type { LogicalType, Value } from '../logical-type.js';
import { decimalTextOf, smallUnscaledOf, unscaledOf } from '../values/decimal-unscaled.js';
import type { ColumnVector } from './column-vector.js';
import { VectorBuilder } from './vector-builder.js';

/** Makes a vector of values. Throws TypeError (never with the value) when one is not of the type. */
export function vectorOf(type: LogicalType, values: readonly Value[]): ColumnVector {
  const builder = new VectorBuilder(type);
  const append = valueAppender(type);
  for (const value of values) append(builder, value);
  return builder.take();
}

/** Appends one value, NULL included, to a builder of the same type. To be made once per column. */
export function valueAppender(type: LogicalType): (builder: VectorBuilder, value: Value) => void {
  const append = presentAppender(type);
  return (builder, value) => (value === null ? builder.null() : append(builder, value));
}

/** The values of a vector, one per row: for what is decided value by value. Bytes are views of the body. */
export function vectorValues(type: LogicalType, vector: ColumnVector): Value[] {
  const values = new Array<Value>(vector.rowCount);
  const body = Buffer.from(vector.body.buffer, vector.body.byteOffset, vector.body.byteLength);
  const read = reader(type);
  let at = 0;
  for (let row = 0; row < vector.rowCount; row += 1) {
    if (vector.present?.[row] === 0) values[row] = null;
    else {
      const { value, next } = read(body, at);
      values[row] = value;
      at = next;
    }
  }
  if (at !== body.length) throw new RangeError(`vector: ${body.length - at} bytes of ${type.name} belong to no row`);
  return values;
}

function presentAppender(type: LogicalType): (builder: VectorBuilder, value: Exclude<Value, null>) => void {
  switch (type.name) {
    case 'bool':
      return (builder, value) => builder.bool(of(type, value, 'boolean'));
    case 'int2':
    case 'int4':
    case 'date':
      return (builder, value) => builder.int32(of(type, value, 'number'));
    case 'float4':
      return (builder, value) => builder.float32(of(type, value, 'number'));
    case 'float8':
      return (builder, value) => builder.float64(of(type, value, 'number'));
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return (builder, value) => builder.int64(of(type, value, 'bigint'));
    case 'decimal':
      return (builder, value) => appendDecimal(builder, type.precision, type.scale, of(type, value, 'string'));
    case 'uuid':
      return (builder, value) => builder.fixed16(Buffer.from(of(type, value, 'string').replaceAll('-', ''), 'hex'), 0);
    case 'bytes':
      return (builder, value) => {
        if (!(value instanceof Uint8Array)) throw new TypeError('vector of bytes: another value');
        builder.bytes(value);
      };
    default:
      return (builder, value) => builder.text(of(type, value, 'string'));
  }
}

function appendDecimal(builder: VectorBuilder, precision: number, scale: number, text: string): void {
  const small = smallUnscaledOf(text, precision, scale);
  if (builder.width === 4) return builder.int32(small ?? Number(unscaledOf(text, precision, scale)));
  const unscaled = small === undefined ? unscaledOf(text, precision, scale) : BigInt(small);
  if (builder.width === 8) return builder.int64(unscaled);
  const wide = Buffer.allocUnsafe(16);
  wide.writeBigInt64BE(BigInt.asIntN(64, unscaled >> 64n), 0);
  wide.writeBigUInt64BE(BigInt.asUintN(64, unscaled), 8);
  builder.fixed16(wide, 0);
}

interface TypeOf {
  readonly boolean: boolean;
  readonly number: number;
  readonly bigint: bigint;
  readonly string: string;
}

function of<K extends keyof TypeOf>(type: LogicalType, value: Value, wanted: K): TypeOf[K] {
  if (typeof value !== wanted) throw new TypeError(`vector of ${type.name}: a ${typeof value}`);
  return value as TypeOf[K];
}

type Read = (body: Buffer, at: number) => { readonly value: Value; readonly next: number };

function reader(type: LogicalType): Read {
  switch (type.name) {
    case 'bool':
      return (body, at) => ({ value: body[at] === 1, next: at + 1 });
    case 'int2':
    case 'int4':
    case 'date':
      return (body, at) => ({ value: body.readInt32LE(at), next: at + 4 });
    case 'float4':
      return (body, at) => ({ value: body.readFloatLE(at), next: at + 4 });
    case 'float8':
      return (body, at) => ({ value: body.readDoubleLE(at), next: at + 8 });
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return (body, at) => ({ value: body.readBigInt64LE(at), next: at + 8 });
    case 'decimal':
      return decimalReader(type.precision, type.scale);
    case 'uuid':
      return (body, at) => ({ value: uuidText(body.toString('hex', at, at + 16)), next: at + 16 });
    case 'bytes':
      return (body, at) => {
        const next = at + 4 + body.readInt32LE(at);
        return { value: body.subarray(at + 4, next), next };
      };
    default:
      return (body, at) => {
        const next = at + 4 + body.readInt32LE(at);
        return { value: body.toString('utf8', at + 4, next), next };
      };
  }
}

function decimalReader(precision: number, scale: number): Read {
  if (precision <= 9) return (body, at) => ({ value: decimalTextOf(body.readInt32LE(at), scale), next: at + 4 });
  if (precision <= 18) return (body, at) => ({ value: decimalTextOf(body.readBigInt64LE(at), scale), next: at + 8 });
  return (body, at) => {
    const unscaled = (body.readBigInt64BE(at) << 64n) | body.readBigUInt64BE(at + 8);
    return { value: decimalTextOf(unscaled, scale), next: at + 16 };
  };
}

function uuidText(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
