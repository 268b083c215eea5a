import { endOfDigits } from './digits.js';

const PLUS = 43;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const INT8_MIN = -(2n ** 63n);
const INT8_MAX = 2n ** 63n - 1n;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** A whole number in [min, max] (both safe integers) from its digits; `12.0` is 12. undefined: none, or out of range. */
export function parseInteger(text: string, min: number, max: number): number | undefined {
  const end = wholeDigitsEnd(text);
  if (end < 0) return undefined;
  // 17 characters: sign and 16 digits at most stay exact enough to be compared with an int4; longer ones only with leading zeros.
  const value = Number(end === text.length ? text : text.slice(0, end));
  return value >= min && value <= max ? value + 0 : undefined;
}

/** The same with 64 bits. */
export function parseInt8(text: string): bigint | undefined {
  const end = wholeDigitsEnd(text);
  if (end < 0) return undefined;
  const digits = end === text.length ? text : text.slice(0, end);
  if (end <= 15) return BigInt(Number(digits));
  // Nothing that long is in range, and BigInt would take its time to find out.
  if (end > 99) return undefined;
  const value = BigInt(text.charCodeAt(0) === PLUS ? digits.slice(1) : digits);
  return value >= INT8_MIN && value <= INT8_MAX ? value : undefined;
}

/** A float; NaN, Infinity and their short forms in any case. undefined: none, or beyond the type's range. */
export function parseFloat8(text: string): number | undefined {
  if (!FLOAT.test(text)) return specialFloat(text);
  const value = Number(text);
  if (!Number.isFinite(value)) return undefined;
  // Vanished: the text has a digit that is not zero, the value is zero.
  return value === 0 && /^[^eE]*[1-9]/.test(text) ? undefined : value;
}

/** The nearest 32-bit float. undefined: none, or beyond the type's range. */
export function parseFloat4(text: string): number | undefined {
  const wide = parseFloat8(text);
  return wide === undefined ? undefined : narrowFloat(wide);
}

/** The nearest 32-bit float of a number; undefined when it overflows or vanishes. */
export function narrowFloat(wide: number): number | undefined {
  const value = Math.fround(wide);
  if (Number.isFinite(wide) && !Number.isFinite(value)) return undefined;
  return value === 0 && wide !== 0 ? undefined : value;
}

/** Where the whole part ends, when the text is a whole number (a fraction of zeros allowed); else -1. */
function wholeDigitsEnd(text: string): number {
  const first = text.charCodeAt(0);
  const start = first === PLUS || first === MINUS ? 1 : 0;
  const end = endOfDigits(text, start);
  if (end === start) return -1;
  if (end === text.length) return end;
  if (text.charCodeAt(end) !== DOT || end + 1 === text.length) return -1;
  for (let at = end + 1; at < text.length; at++) if (text.charCodeAt(at) !== ZERO) return -1;
  return end;
}

function specialFloat(text: string): number | undefined {
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN;
    case 'infinity':
    case '+infinity':
    case 'inf':
    case '+inf':
      return Number.POSITIVE_INFINITY;
    case '-infinity':
    case '-inf':
      return Number.NEGATIVE_INFINITY;
    default:
      return undefined;
  }
}
