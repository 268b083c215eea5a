import { daysFromCivil, daysInMonth } from './civil.js';
import { endOfDigits, fourDigits, fractionMicros, twoDigits } from './digits.js';
import { parseUncommonTimestamp } from './parse-uncommon-timestamp.js';
import { microsOf } from './micros.js';

const SPACE = 32;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const COLON = 58;
const UPPER_T = 84;
const UPPER_Z = 90;

/**
 * Microseconds since 1970 (UTC) of `YYYY-MM-DD HH:MM:SS[.f…]` with a blank or a T and with no zone (= UTC), Z, +HH, +HHMM or +HH:MM;
 * of everything else `parseUncommonTimestamp` knows. undefined: not an instant, or finer than a microsecond.
 * Char codes instead of a regex or Date: this runs once for every row of every log.
 */
export function parseTimestamp(text: string): bigint | undefined {
  const length = text.length;
  if (length < 19 || text.charCodeAt(4) !== MINUS || text.charCodeAt(7) !== MINUS) return parseUncommonTimestamp(text);
  const separator = text.charCodeAt(10);
  if (separator !== SPACE && separator !== UPPER_T) return parseUncommonTimestamp(text);
  if (text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return parseUncommonTimestamp(text);

  const year = fourDigits(text, 0);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  const second = twoDigits(text, 17);
  if (year < 1 || day < 1 || day > daysInMonth(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  const seconds = daysFromCivil(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second;
  if (length === 19) return microsOf(seconds, 0);

  let at = 19;
  let micros = 0;
  const mark = text.charCodeAt(at);
  if (mark === DOT || mark === COMMA) {
    at = endOfDigits(text, 20);
    micros = fractionMicros(text, 20, at);
    if (micros < 0) return undefined;
    if (at === length) return microsOf(seconds, micros);
  }
  const zone = text.charCodeAt(at);
  if (zone === UPPER_Z && at + 1 === length) return microsOf(seconds, micros);
  if (zone !== PLUS && zone !== MINUS) return parseUncommonTimestamp(text);
  const offset = offsetSeconds(text, at);
  return offset === undefined ? parseUncommonTimestamp(text) : microsOf(seconds - offset, micros);
}

/** Seconds east of UTC of `+HH`, `+HHMM` or `+HH:MM` that ends the text. */
function offsetSeconds(text: string, at: number): number | undefined {
  const left = text.length - at;
  const hours = twoDigits(text, at + 1);
  let minutes = -1;
  if (left === 3) minutes = 0;
  else if (left === 5) minutes = twoDigits(text, at + 3);
  else if (left === 6 && text.charCodeAt(at + 3) === COLON) minutes = twoDigits(text, at + 4);
  if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return undefined;
  const seconds = hours * 3600 + minutes * 60;
  return text.charCodeAt(at) === MINUS ? -seconds : seconds;
}
