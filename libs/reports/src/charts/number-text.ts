import { formatValue } from '../shown/format-cell.js';
import type { ValueFormat } from '../shown/format-value.js';

const FORMATS: Readonly<Record<string, ValueFormat>> = { ',.0f': 'int', ',.1f': 'num1', ',.2f': 'num2', '.1%': 'pct1' };

/** A number as Vega says it by this format of d3 with the theme's locale: for measuring, and for descriptions. */
export function numberText(value: number | null, format: string): string {
  if (format === '.0%') return formatValue(value === null ? null : value * 100, 'int', { unit: '%' });
  const known = FORMATS[format];
  return formatValue(value, known ?? 'text');
}
