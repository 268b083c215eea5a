import { endOfDigits, fractionMicros, twoDigits } from './digits.js';

const COLON = 58;
const DOT = 46;
const COMMA = 44;
const DAY_MICROS = 86_400_000_000;

/** Microseconds of the day of `HH:MM[:SS[.f…]]`, up to `24:00:00`. undefined: not a time, or finer than a microsecond. */
export function parseTime(text: string): bigint | undefined {
  const hour = twoDigits(text, 0);
  const minute = twoDigits(text, 3);
  if (hour < 0 || minute < 0 || minute > 59 || text.charCodeAt(2) !== COLON) return undefined;
  let second = 0;
  let micros = 0;
  if (text.length > 5) {
    second = text.charCodeAt(5) === COLON ? twoDigits(text, 6) : -1;
    if (second < 0 || second > 59) return undefined;
  }
  if (text.length > 8) {
    const mark = text.charCodeAt(8);
    if ((mark !== DOT && mark !== COMMA) || endOfDigits(text, 9) !== text.length) return undefined;
    micros = fractionMicros(text, 9, text.length);
    if (micros < 0) return undefined;
  }
  const total = ((hour * 60 + minute) * 60 + second) * 1_000_000 + micros;
  return total <= DAY_MICROS ? BigInt(total) : undefined;
}
