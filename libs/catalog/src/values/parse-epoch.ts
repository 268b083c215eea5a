import { inRange } from './micros.js';

const NUMBER = /^([+-]?)(\d+)(?:\.(\d+))?$/;

/**
 * An instant as a count since 1970-01-01 UTC; the number of digits before the point tells the unit:
 * up to 11 seconds (to the year 5138), 12 or 13 milliseconds (1973 to 2286), 15 or 16 microseconds (1973 to 2286).
 * 8 digits (may be YYYYMMDD), 14 (is YYYYMMDDHHMMSS, read elsewhere) and 17 or more do not fit. A fraction must end at the microsecond.
 */
export function parseEpoch(text: string): bigint | undefined {
  const parts = NUMBER.exec(text);
  if (!parts) return undefined;
  const [, sign = '', whole = '', fraction = ''] = parts;
  const decimals = decimalsOfUnit(whole.length);
  if (decimals === undefined) return undefined;
  const beyond = fraction.slice(decimals);
  if (/[1-9]/.test(beyond)) return undefined;
  const micros = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return inRange(sign === '-' ? -micros : micros);
}

/** Decimal places from the unit down to the microsecond. */
function decimalsOfUnit(digits: number): number | undefined {
  if (digits === 8) return undefined;
  if (digits <= 11) return 6;
  if (digits === 12 || digits === 13) return 3;
  return digits === 15 || digits === 16 ? 0 : undefined;
}
