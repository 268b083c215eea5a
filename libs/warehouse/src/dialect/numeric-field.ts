import type { CopyBuffer } from './copy-buffer.js';

/** Postgres writes a numeric as digits of base 10000. */
const BASE = 10_000;
const GROUP = 4;
const POSITIVE = 0;
const NEGATIVE = 0x4000;
const SPECIAL: Readonly<Record<string, number>> = { NaN: 0xc000, Infinity: 0xd000, '-Infinity': 0xf000 };
/** A sign that no numeric has: the server refuses the row. */
const NO_SIGN = 0x1111;
/** Up to here a number times 10^3 is exact. */
const MAX_EXACT = 9_000_000_000_000;
/** Digits that a numeric holds before and after its point. */
const MAX_WHOLE = 131_072;
const MAX_FRACTION = 16_383;

const ZERO = 0x30;
const MINUS = 0x2d;
const POINT = 0x2e;

/** Groups of an unscaled integer: its own digits are those of base 10000 once its fraction fills whole groups. */
export interface DecimalScale {
  readonly scale: number;
  /** Groups of the fraction. */
  readonly groups: number;
  /** What makes the fraction fill them. */
  readonly factor: number;
}

export function decimalScale(scale: number): DecimalScale {
  const groups = Math.ceil(scale / GROUP);
  return { scale, groups, factor: 10 ** (groups * GROUP - scale) };
}

/** Appends `unscaled` / 10^scale. `unscaled`: an integer that a number holds. */
export function appendDecimal(buffer: CopyBuffer, unscaled: number, { scale, groups, factor }: DecimalScale): void {
  const size = Math.abs(unscaled);
  if (size > MAX_EXACT) return appendWideDecimal(buffer, BigInt(unscaled), { scale, groups, factor });
  let left = size * factor;
  let digits = 1;
  let unit = 1;
  while (left >= unit * BASE) {
    unit *= BASE;
    digits += 1;
  }
  buffer.numeric(digits, digits - 1 - groups, unscaled < 0 ? NEGATIVE : POSITIVE, scale);
  for (; digits > 1; digits -= 1) {
    let digit = Math.floor(left / unit);
    // The quotient was rounded: it may have become the next integer.
    if (digit * unit > left) digit -= 1;
    buffer.digit(digit);
    left -= digit * unit;
    unit /= BASE;
  }
  buffer.digit(left);
}

/** The same for any size. */
export function appendWideDecimal(buffer: CopyBuffer, unscaled: bigint, { scale, groups, factor }: DecimalScale): void {
  const size = (unscaled < 0n ? -unscaled : unscaled) * BigInt(factor);
  const text = size.toString();
  const digits = Math.ceil(text.length / GROUP);
  const padded = text.padStart(digits * GROUP, '0');
  buffer.numeric(digits, digits - 1 - groups, unscaled < 0n ? NEGATIVE : POSITIVE, scale);
  for (let at = 0; at < padded.length; at += GROUP) buffer.digit(Number(padded.slice(at, at + GROUP)));
}

/** Whether ASCII bytes are a canonical numeric: `-12.50`, `NaN`, `Infinity`. */
export function isCanonicalNumeric(bytes: Uint8Array, from: number, to: number): boolean {
  const start = bytes[from] === MINUS ? from + 1 : from;
  const point = endOfDigits(bytes, start, to);
  if (point === start) return specialSign(bytes, from, to) !== undefined;
  if (point - start > MAX_WHOLE) return false;
  if (point === to) return true;
  const end = endOfDigits(bytes, point + 1, to);
  return bytes[point] === POINT && end === to && end > point + 1 && end - point - 1 <= MAX_FRACTION;
}

/** A field that the server refuses, as it would the text. */
export function appendNoNumeric(buffer: CopyBuffer): void {
  buffer.numeric(0, 0, NO_SIGN, 0);
}

/** Appends a canonical numeric. */
export function appendNumericText(buffer: CopyBuffer, bytes: Uint8Array, from: number, to: number): void {
  const special = specialSign(bytes, from, to);
  if (special !== undefined) return buffer.numeric(0, 0, special, 0);
  const start = bytes[from] === MINUS ? from + 1 : from;
  const point = endOfDigits(bytes, start, to);
  const whole = Math.ceil((point - start) / GROUP);
  const scale = Math.max(0, to - point - 1);
  buffer.numeric(whole + Math.ceil(scale / GROUP), whole - 1, start > from ? NEGATIVE : POSITIVE, scale);
  let at = start;
  for (let end = point - (whole - 1) * GROUP; at < point; end += GROUP) {
    let digit = 0;
    for (; at < end; at += 1) digit = digit * 10 + (bytes[at] ?? 0) - ZERO;
    buffer.digit(digit);
  }
  for (at = point + 1; at < to; at += GROUP) {
    let digit = 0;
    for (let place = at; place < at + GROUP; place += 1)
      digit = digit * 10 + (place < to ? (bytes[place] ?? 0) - ZERO : 0);
    buffer.digit(digit);
  }
}

function endOfDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from;
  for (; at < to; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
  }
  return at;
}

function specialSign(bytes: Uint8Array, from: number, to: number): number | undefined {
  const first = bytes[from] === MINUS ? bytes[from + 1] : bytes[from];
  // `N` or `I`: nothing else is worth a text.
  if (first !== 0x4e && first !== 0x49) return undefined;
  return SPECIAL[Buffer.from(bytes.subarray(from, to)).toString('latin1')];
}
