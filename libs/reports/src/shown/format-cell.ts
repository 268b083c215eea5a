import type { Cell } from './api.js';
import { compactText, groupedText, readDigits, rounded, THIN_SPACE } from './decimal-text.js';
import { formatDate } from './format-date.js';
import type { ValueFormat } from './format-value.js';

export interface FormatOptions {
  /** Stands behind numbers. */
  readonly unit?: string | undefined;
  /** The report's; instants are shown in it. UTC when left out. */
  readonly zone?: string | undefined;
}

/** What is shown for no value; screen readers are to be told "no data". */
export const NO_VALUE = '–';

const NO_BREAK = '\u00a0';

/** A value in words. Texts of int8 and decimals keep every digit, however long. */
export function formatValue(value: Cell, format: ValueFormat, options: FormatOptions = {}): string {
  if (value === null) return NO_VALUE;
  switch (format) {
    case 'bool':
      return value === true || value === 'true' ? 'Yes' : value === false || value === 'false' ? 'No' : String(value);
    case 'day':
    case 'month':
    case 'week':
    case 'instant':
      return formatDate(String(value), format, options.zone ?? 'UTC') ?? String(value);
    case 'int':
      return withUnit(decimals(value, 0), options.unit);
    case 'num1':
      return withUnit(decimals(value, 1), options.unit);
    case 'num2':
      return withUnit(decimals(value, 2), options.unit);
    case 'pct1':
      return percent(value);
    case 'text':
    case 'id':
      return withUnit(String(value), options.unit);
  }
}

/** The same for tiles and axes: 99,999 and less in full, then `123k`, `1.23M`. */
export function formatCompact(value: Cell, format: ValueFormat, options: FormatOptions = {}): string {
  const isNumber = format === 'int' || format === 'num1' || format === 'num2';
  const digits = isNumber && value !== null && typeof value !== 'boolean' ? readDigits(value) : undefined;
  const text = digits && compactText(digits);
  return text === undefined ? formatValue(value, format, options) : withUnit(text, options.unit);
}

function decimals(value: string | number | boolean, places: number): string {
  if (typeof value === 'boolean') return String(value);
  const digits = readDigits(value);
  return digits ? groupedText(rounded(digits, places)) : unusual(String(value));
}

function percent(value: string | number | boolean): string {
  const digits = typeof value === 'boolean' ? undefined : readDigits(value);
  if (!digits) return unusual(String(value));
  const { negative, digits: all, scale } = digits;
  return `${groupedText(rounded({ negative, digits: all * 100n, scale }, 1))}${THIN_SPACE}%`;
}

function unusual(text: string): string {
  return text === 'Infinity' ? '∞' : text === '-Infinity' ? '−∞' : text;
}

function withUnit(text: string, unit: string | undefined): string {
  if (unit === undefined || unit === '') return text;
  return unit === '%' ? `${text}${THIN_SPACE}%` : `${text}${NO_BREAK}${unit}`;
}
