import { isUtf8 } from 'node:buffer';
import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  vectorValues,
  vectorWidth,
  type ColumnVector,
  type LogicalType,
} from '@rollcall/catalog';
import { isCanonicalNumeric } from './numeric-field.js';
import { postgresFits } from './postgres-fits.js';
import { DAY_MICROS, FIRST_DAY, FIRST_MICROS, LAST_DAY, MAX_TEXT } from './postgres-limits.js';

/** `postgresFits` for a whole column, on its bytes. JSON and intervals are read value by value: nothing else tells that they are some. */
export function postgresVectorFits(type: LogicalType, vector: ColumnVector): boolean {
  if (!isWhole(type, vector)) return false;
  const { body } = vector;
  switch (type.name) {
    case 'bool':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'uuid':
      return true;
    case 'int2':
      return all32(body, (value) => value >= -0x8000 && value < 0x8000);
    case 'date':
      return all32(
        body,
        (day) => (day >= FIRST_DAY && day <= LAST_DAY) || day === DATE_INFINITY || day === DATE_MINUS_INFINITY,
      );
    case 'time':
      return all64(body, TIMES);
    case 'timestamp':
    case 'timestamptz':
      return all64(body, INSTANTS, true);
    case 'decimal':
      return decimalsFit(type.precision, body);
    case 'numeric':
      return allSpans(body, (from, to) => isCanonicalNumeric(body, from, to));
    case 'text':
    case 'other':
      return isStorableText(body);
    case 'bytes':
      return allSpans(body, (from, to) => to - from <= MAX_TEXT * 2);
    case 'interval':
    case 'json':
    case 'array':
      return isStorableText(body) && fitEach(type, vector);
  }
}

const BLANKS = 0x2020_2020;

function fitEach(type: LogicalType, vector: ColumnVector): boolean {
  const fits = postgresFits(type);
  return vectorValues(type, vector).every((value) => value === null || fits(value));
}

/** The body is as long as its values: what is written from it below never reads beyond. */
function isWhole(type: LogicalType, { body, presentCount, present, rowCount }: ColumnVector): boolean {
  if (present === undefined ? presentCount !== rowCount : countOf(present, rowCount) !== presentCount) return false;
  const width = vectorWidth(type);
  return width === 'variable' ? countSpans(body) === presentCount : body.length === presentCount * width;
}

function countOf(present: Uint8Array, rowCount: number): number {
  if (present.length !== rowCount) return -1;
  let count = 0;
  for (const one of present) count += one;
  return count;
}

/** -1: the last value is cut off. */
function countSpans(body: Uint8Array): number {
  let count = 0;
  return allSpans(body, () => ++count > 0) ? count : -1;
}

/** NUL-free UTF-8, each value by itself: the lengths between them are blanked out, and the whole is asked at once. */
function isStorableText(body: Uint8Array): boolean {
  const text = Buffer.from(body);
  const view = viewOf(text);
  const blanked = allSpans(body, (from, to) => {
    view.setInt32(from - 4, BLANKS);
    return to - from <= MAX_TEXT;
  });
  return blanked && isUtf8(text) && !text.includes(0);
}

function allSpans(body: Uint8Array, holds: (from: number, to: number) => boolean): boolean {
  const view = viewOf(body);
  let at = 0;
  while (at < body.length) {
    if (at + 4 > body.length) return false;
    const from = at + 4;
    const length = view.getInt32(at, true);
    at = from + length;
    if (length < 0 || at > body.length || !holds(from, at)) return false;
  }
  return true;
}

function all32(body: Uint8Array, holds: (value: number) => boolean): boolean {
  const view = viewOf(body);
  for (let at = 0; at < body.length; at += 4) if (!holds(view.getInt32(at, true))) return false;
  return true;
}

interface Halves {
  readonly high: number;
  /** Unsigned. */
  readonly low: number;
}

const halves = (value: bigint): Halves => ({
  high: Number(BigInt.asIntN(64, value) >> 32n),
  low: Number(BigInt.asUintN(32, value)),
});
const TIMES = { least: halves(0n), most: halves(DAY_MICROS) };
const INSTANTS = { least: halves(FIRST_MICROS), most: halves((1n << 63n) - 1n) };

/** `minusInfinity`: the least int64 is allowed as well. */
function all64(
  body: Uint8Array,
  { least, most }: { readonly least: Halves; readonly most: Halves },
  minusInfinity = false,
): boolean {
  const view = viewOf(body);
  for (let at = 0; at < body.length; at += 8) {
    const low = view.getUint32(at, true);
    const high = view.getInt32(at + 4, true);
    if (high > least.high && high < most.high) continue;
    const below = high < least.high || (high === least.high && low < least.low);
    const above = high > most.high || (high === most.high && low > most.low);
    if (above || (below && !(minusInfinity && high === -0x8000_0000 && low === 0))) return false;
  }
  return true;
}

function decimalsFit(precision: number, body: Uint8Array): boolean {
  const most = 10n ** BigInt(precision) - 1n;
  if (precision <= 9) return all32(body, (value) => Math.abs(value) <= Number(most));
  if (precision <= 18) return all64(body, { least: halves(-most), most: halves(most) });
  const view = viewOf(body);
  for (let at = 0; at < body.length; at += 16) {
    const value = (view.getBigInt64(at) << 64n) | view.getBigUint64(at + 8);
    if (value > most || value < -most) return false;
  }
  return true;
}

function viewOf(body: Uint8Array): DataView {
  return new DataView(body.buffer, body.byteOffset, body.byteLength);
}
