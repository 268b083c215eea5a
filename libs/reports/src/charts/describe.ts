import type { Chart } from '../report.js';
import type { Row } from '../shown/api.js';
import { keyOf, numberOf, type Field } from './field.js';
import { keyText } from './key-text.js';
import { numberText } from './number-text.js';

const NOUNS: Readonly<Record<string, readonly [string, string]>> = {
  bars: ['bar', 'bars'],
  lines: ['point', 'points'],
  bubbles: ['circle', 'circles'],
};

/** What is to be seen, for people who cannot: how many marks, the largest and the smallest, and the sum where there is one. */
export function describe(chart: Chart, labels: readonly Field[], measure: Field, rows: readonly Row[]): string {
  const valued = rows.flatMap((row) => {
    const value = numberOf(measure, row);
    return value === null ? [] : [{ row, value }];
  });
  const [one, many] = NOUNS[chart.kind] ?? ['column', 'columns'];
  const count = `${chart.title}: ${numberText(rows.length, ',.0f')} ${rows.length === 1 ? one : many}.`;
  const first = valued[0];
  if (first === undefined) return count;
  const largest = valued.reduce((best, other) => (other.value > best.value ? other : best), first);
  const smallest = valued.reduce((best, other) => (other.value < best.value ? other : best), first);
  const say = (value: number) => valueWords(measure, value);
  const at = (row: Row) => labels.map((field) => words(field, row)).join(', ');
  const extremes =
    valued.length === 1
      ? `${at(first.row)}: ${say(first.value)}.`
      : largest.value === smallest.value
        ? `All are ${say(largest.value)}.`
        : `Largest: ${at(largest.row)} with ${say(largest.value)}; smallest: ${at(smallest.row)} with ${say(smallest.value)}.`;
  const sum = valued.reduce((total, { value }) => total + value, 0);
  // Circles count at their two places what may be counted at others too.
  const isSum = chart.kind !== 'bubbles' && measure.column.additive === 'sum' && valued.length > 1;
  const together = isSum ? ` Together ${say(sum)}.` : '';
  return `${count} ${extremes}${together}`;
}

function valueWords({ column, ...field }: Field, value: number): string {
  const text = numberText(value, field.kind === 'number' ? field.numberFormat : ',.0f');
  return column.unit === undefined || column.unit === '%' ? text : `${text} ${column.unit}`;
}

function words(field: Field, row: Row): string {
  if (field.kind !== 'number') return keyText(field, keyOf(field, row));
  return `${field.column.label} ${numberText(numberOf(field, row), field.numberFormat)}`;
}
