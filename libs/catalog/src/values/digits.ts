const ZERO = 48;

/** The number that two ASCII digits at a place spell; -1 when they are none. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - ZERO;
  const ones = text.charCodeAt(at + 1) - ZERO;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

/** The number that four ASCII digits spell; -1 when they are none. */
export function fourDigits(text: string, at: number): number {
  const high = twoDigits(text, at);
  const low = twoDigits(text, at + 2);
  return high >= 0 && low >= 0 ? high * 100 + low : -1;
}

/** Where the run of ASCII digits that begins at `from` ends. */
export function endOfDigits(text: string, from: number): number {
  let at = from;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) break;
  }
  return at;
}

/**
 * The microseconds that the digits [from, to) of a second's fraction spell; -1 when there are none,
 * or when a digit after the sixth is not zero: a value is exact or it does not fit.
 */
export function fractionMicros(text: string, from: number, to: number): number {
  if (to <= from) return -1;
  let micros = 0;
  for (let at = from; at < from + 6; at++) micros = micros * 10 + (at < to ? text.charCodeAt(at) - ZERO : 0);
  for (let at = from + 6; at < to; at++) if (text.charCodeAt(at) !== ZERO) return -1;
  return micros;
}
