import type { LogicalType } from '@rollcall/catalog';
import type { Bounds } from './bounds.js';
import { isText, parquetElement } from './parquet-element.js';

/** A bound needs no more bytes than this: what is written of it is shorter still. */
const MAX_TEXT_BYTES = 64;

/**
 * The bounds of a vector's body, as `ChunkEncoder` finds those of values: NaN counts for none, text by its bytes.
 * Throws RangeError when the lengths of a column of a variable width do not end where the body ends, after `count` values.
 */
export function vectorBounds(type: LogicalType, body: Uint8Array, count: number): Bounds {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  switch (type.name) {
    case 'bool':
    case 'uuid':
      return {};
    case 'int2':
    case 'int4':
    case 'date':
      return int32Bounds(view);
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
      return int64Bounds(view);
    case 'float4':
      return floatBounds(view, 4, (at) => view.getFloat32(at, true));
    case 'float8':
      return floatBounds(view, 8, (at) => view.getFloat64(at, true));
    case 'decimal':
      return decimalBounds(type.precision, view);
    default:
      return isText(type) && parquetElement(type).converted_type !== 'JSON'
        ? textBoundsOf(body, view, count)
        : (checkLengths(view, count), {});
  }
}

/** Throws RangeError when `count` values with their lengths before them do not fill the body. */
export function checkLengths(view: DataView, count: number): void {
  const end = view.byteLength;
  let at = 0;
  for (let value = 0; value < count; value += 1) {
    if (at + 4 > end) throw lengthsOff();
    const length = view.getInt32(at, true);
    if (length < 0) throw lengthsOff();
    at += 4 + length;
  }
  if (at !== end) throw lengthsOff();
}

function lengthsOff(): RangeError {
  return new RangeError('the lengths of its values do not fit its bytes');
}

function int32Bounds(view: DataView): Bounds {
  if (view.byteLength === 0) return {};
  let least = view.getInt32(0, true);
  let greatest = least;
  for (let at = 4; at < view.byteLength; at += 4) {
    const value = view.getInt32(at, true);
    if (value < least) least = value;
    else if (value > greatest) greatest = value;
  }
  return { min_value: least, max_value: greatest };
}

/** By halves: a bigint per value would cost more than all the rest. */
function int64Bounds(view: DataView): Bounds {
  if (view.byteLength === 0) return {};
  let least = 0;
  let leastHigh = view.getInt32(4, true);
  let leastLow = view.getUint32(0, true);
  let greatest = 0;
  let greatestHigh = leastHigh;
  let greatestLow = leastLow;
  for (let at = 8; at < view.byteLength; at += 8) {
    const high = view.getInt32(at + 4, true);
    const low = view.getUint32(at, true);
    if (high < leastHigh || (high === leastHigh && low < leastLow)) {
      least = at;
      leastHigh = high;
      leastLow = low;
    } else if (high > greatestHigh || (high === greatestHigh && low > greatestLow)) {
      greatest = at;
      greatestHigh = high;
      greatestLow = low;
    }
  }
  return { min_value: view.getBigInt64(least, true), max_value: view.getBigInt64(greatest, true) };
}

/** As Parquet wants them: of two zeros, the negative one is less. */
function floatBounds(view: DataView, width: number, valueAt: (at: number) => number): Bounds {
  let least = Infinity;
  let greatest = -Infinity;
  let some = false;
  for (let at = 0; at < view.byteLength; at += width) {
    const value = valueAt(at);
    if (value <= least) least = value;
    if (value >= greatest) greatest = value;
    some ||= value === value;
  }
  return some ? { min_value: least === 0 ? -0 : least, max_value: greatest === 0 ? 0 : greatest } : {};
}

/** Unscaled, as bigint: the library that writes the footer takes numbers for scaled ones. */
function decimalBounds(precision: number, view: DataView): Bounds {
  if (view.byteLength === 0) return {};
  if (precision <= 9) {
    const { min_value: least = 0, max_value: greatest = 0 } = int32Bounds(view);
    return { min_value: BigInt(least), max_value: BigInt(greatest) };
  }
  if (precision <= 18) return int64Bounds(view);
  let least = 0;
  let greatest = 0;
  for (let at = 16; at < view.byteLength; at += 16) {
    if (compareWide(view, at, least) < 0) least = at;
    else if (compareWide(view, at, greatest) > 0) greatest = at;
  }
  return { min_value: wideAt(view, least), max_value: wideAt(view, greatest) };
}

function compareWide(view: DataView, a: number, b: number): number {
  const high = view.getInt32(a) - view.getInt32(b);
  if (high !== 0) return high;
  for (let word = 4; word < 16; word += 4) {
    const difference = view.getUint32(a + word) - view.getUint32(b + word);
    if (difference !== 0) return difference;
  }
  return 0;
}

function wideAt(view: DataView, at: number): bigint {
  return (view.getBigInt64(at) << 64n) | view.getBigUint64(at + 8);
}

function textBoundsOf(body: Uint8Array, view: DataView, count: number): Bounds {
  checkLengths(view, count);
  if (count === 0) return {};
  let least = 0;
  let greatest = 0;
  for (let at = 4 + view.getInt32(0, true); at < body.byteLength; at += 4 + view.getInt32(at, true)) {
    // Rising values, such as positions, cost one comparison.
    const order = compareTexts(body, view, at, greatest);
    if (order > 0) greatest = at;
    else if (order < 0 && compareTexts(body, view, at, least) < 0) least = at;
  }
  return { min_value: shortened(body, view, least, false), max_value: shortened(body, view, greatest, true) };
}

function compareTexts(body: Uint8Array, view: DataView, a: number, b: number): number {
  const lengthA = view.getInt32(a, true);
  const lengthB = view.getInt32(b, true);
  const end = 4 + Math.min(lengthA, lengthB);
  let i = 4;
  // Positions share most of their bytes: those go by in words.
  while (i + 4 <= end && view.getInt32(a + i) === view.getInt32(b + i)) i += 4;
  for (; i < end; i += 1) {
    const difference = (body[a + i] ?? 0) - (body[b + i] ?? 0);
    if (difference !== 0) return difference;
  }
  return lengthA - lengthB;
}

/**
 * The beginning of a long text, which is kept until the file ends. The library cuts bounds down to 16 bytes and rounds the greatest up;
 * where there is nothing above to round up to, it wants all of it.
 */
function shortened(body: Uint8Array, view: DataView, at: number, isGreatest: boolean): string {
  const text = Buffer.from(body.buffer, body.byteOffset + at + 4, view.getInt32(at, true));
  let length = Math.min(text.byteLength, MAX_TEXT_BYTES);
  if (length < text.byteLength) {
    if (isGreatest && text.subarray(0, 16).equals(ABOVE_ALL)) length = text.byteLength;
    // Not in the middle of a character.
    else while (length > 0 && ((text[length] ?? 0) & 0xc0) === 0x80) length -= 1;
  }
  return text.toString('utf8', 0, length);
}

const ABOVE_ALL = Buffer.from('\u{10ffff}'.repeat(4));
