import { DATE_INFINITY, DATE_MINUS_INFINITY } from '../logical-type.js';
import { daysFromCivil, daysInMonth } from './civil.js';
import { fourDigits, twoDigits } from './digits.js';
import { FIRST_DAY } from './micros.js';
import { parseTimestamp } from './parse-timestamp.js';
import { parseInfinity } from './parse-uncommon-timestamp.js';

const MINUS = 45;
const DAY_MICROS = 86_400_000_000n;
const RARE = /^\+?(\d{4,7})-(\d\d)-(\d\d)( BC)?$/i;
const BASIC = /^(\d{4})(\d\d)(\d\d)()$/;

/** The last day that Postgres knows: 5874897-12-31. */
const LAST_DAY = 2_145_042_905;

/**
 * Days since 1970-01-01 of `YYYY-MM-DD`, `YYYYMMDD`, years to 5874897, BC, `infinity`, and of an instant that is midnight UTC sharp.
 * undefined: not a day.
 */
export function parseDate(text: string): number | undefined {
  if (text.length === 10 && text.charCodeAt(4) === MINUS && text.charCodeAt(7) === MINUS) {
    return dayOf(fourDigits(text, 0), twoDigits(text, 5), twoDigits(text, 8));
  }
  const infinity = parseInfinity(text);
  if (infinity !== 0) return infinity > 0 ? DATE_INFINITY : DATE_MINUS_INFINITY;
  const parts = RARE.exec(text) ?? BASIC.exec(text);
  if (parts) {
    const [, year = '', month = '', day = '', bc = ''] = parts;
    return dayOf(Number(year), Number(month), Number(day), bc !== '');
  }
  // A count since 1970 is an instant, never a day.
  if (!text.includes('-')) return undefined;
  const micros = text.length > 10 ? parseTimestamp(text) : undefined;
  return micros !== undefined && micros % DAY_MICROS === 0n ? Number(micros / DAY_MICROS) : undefined;
}

function dayOf(years: number, month: number, day: number, bc = false): number | undefined {
  const year = bc ? 1 - years : years;
  if (years < 1 || day < 1 || day > daysInMonth(year, month)) return undefined;
  const days = daysFromCivil(year, month, day);
  return days >= FIRST_DAY && days <= LAST_DAY ? days : undefined;
}
