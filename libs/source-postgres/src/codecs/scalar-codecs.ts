import type { LogicalType } from '@rollcall/catalog';
import type { ColumnCodec, FieldDecoder } from './column-codec.js';
import { checkLength, changedType } from './changed-type-error.js';
import { plainCodec } from './output-codec.js';

const TWO_32 = 4_294_967_296;
const ZERO = 0x30;
const MINUS = 0x2d;
const LETTER_T = 0x74;
/** Digits that a number holds exactly. */
const SAFE_DIGITS = 15;

export const boolCodec = codec(
  { name: 'bool' },
  (source, from, to, out) => {
    checkLength('bool', from, to, 1);
    out.bool(source[from] === 1);
  },
  (source, from, _to, out) => out.bool(source[from] === LETTER_T),
);

const intFromText: FieldDecoder = (source, from, to, out) => out.int32(safeInteger(source, from, to));

export const int2Codec = codec(
  { name: 'int2' },
  (source, from, to, out) => {
    checkLength('int2', from, to, 2);
    out.int32(source.readInt16BE(from));
  },
  intFromText,
);

export const int4Codec = codec(
  { name: 'int4' },
  (source, from, to, out) => {
    checkLength('int4', from, to, 4);
    out.int32(source.readInt32BE(from));
  },
  intFromText,
);

export const int8Codec = codec(
  { name: 'int8' },
  (source, from, to, out) => {
    checkLength('int8', from, to, 8);
    out.int64Halves(source.readInt32BE(from), source.readInt32BE(from + 4));
  },
  (source, from, to, out) => {
    if (to - from > SAFE_DIGITS) return out.int64(BigInt(source.toString('latin1', from, to)));
    const value = safeInteger(source, from, to);
    const high = Math.floor(value / TWO_32);
    out.int64Halves(high, value - high * TWO_32);
  },
);

/** `Infinity`, `-Infinity` and `NaN` are written in both languages alike. */
export const float4Codec = codec(
  { name: 'float4' },
  (source, from, to, out) => {
    checkLength('float4', from, to, 4);
    out.float32(source.readFloatBE(from));
  },
  (source, from, to, out) => out.float32(Number(source.toString('latin1', from, to))),
);

export const float8Codec = codec(
  { name: 'float8' },
  (source, from, to, out) => {
    checkLength('float8', from, to, 8);
    out.float64(source.readDoubleBE(from));
  },
  (source, from, to, out) => out.float64(Number(source.toString('latin1', from, to))),
);

/** 32 hex digits; the hyphens stand at the places Postgres gives them. */
export const uuidCodec = codec(
  { name: 'uuid' },
  (source, from, to, out) => {
    checkLength('uuid', from, to, 16);
    out.fixed16(source, from);
  },
  (source, from, to, out) => {
    let at = 0;
    for (let read = from; read < to; read += 2) {
      if (source[read] === MINUS) read += 1;
      UUID[at++] = (nibble(source[read]) << 4) | nibble(source[read + 1]);
    }
    out.fixed16(UUID, 0);
  },
);

const UUID = new Uint8Array(16);

/** Text: `\x` and hex digits (bytea_output hex). */
export const bytesCodec: ColumnCodec = {
  ...plainCodec({ name: 'bytes' }),
  text: (source, from, to, out) => {
    const length = (to - from - 2) / 2;
    const bytes = Buffer.allocUnsafe(length);
    for (let at = 0, read = from + 2; at < length; at += 1, read += 2)
      bytes[at] = (nibble(source[read]) << 4) | nibble(source[read + 1]);
    out.bytes(bytes);
  },
};

/** Binary: the version of the format, always 1, and then the text. */
export const jsonbCodec: ColumnCodec = {
  ...plainCodec({ name: 'json' }),
  binary: (source, from, to, out) => {
    if (source[from] !== 1) throw changedType('jsonb');
    out.bytes(source, from + 1, to);
  },
};

function codec(logical: LogicalType, binary: FieldDecoder, text: FieldDecoder): ColumnCodec {
  return { logical, select: (column) => column, binary, text };
}

function safeInteger(source: Buffer, from: number, to: number): number {
  const negative = source[from] === MINUS;
  let value = 0;
  for (let at = negative ? from + 1 : from; at < to; at += 1) value = value * 10 + (source[at] ?? 0) - ZERO;
  return negative ? -value : value;
}

/** Of a hex digit, lower or upper case. */
function nibble(digit = 0): number {
  return digit > 0x39 ? (digit & 0xf) + 9 : digit & 0xf;
}
