import type { Report } from '../report.js';
import type { Cell, ColumnInfo, Row } from '../shown/api.js';
import { calendarStep, type CalendarStep } from './calendar.js';

/**
 * A column in its part of a chart. Values are read twice: here for the layout, and by the drawn chart from raw rows through Vega expressions;
 * the two stand side by side and say the same.
 */
export type Field = FieldBase &
  (
    | { readonly kind: 'number'; readonly numberFormat: string }
    /** Days, weeks or months; the key is the ISO date of the first day. */
    | { readonly kind: 'calendar'; readonly step: CalendarStep }
    /** Points in time, in UTC. */
    | { readonly kind: 'instant' }
    | { readonly kind: 'category' }
  );

interface FieldBase {
  readonly column: ColumnInfo;
  /** Words for values that are codes. */
  readonly labels: Readonly<Record<string, string>>;
}

export const NO_VALUE = '(no value)';
const DATE_FORMATS = {
  day: '%-d %b %Y',
  week: 'week of %-d %b %Y',
  month: '%b %Y',
  instant: '%-d %b %Y, %H:%M UTC',
};

const NUMBERS = /^(int2|int4|int8|decimal|numeric|float4|float8)/;
const NUMBER_FORMATS: Readonly<Record<string, string>> = { int: ',.0f', num1: ',.1f', num2: ',.2f', pct1: '.1%' };

export function fieldOf(report: Report, column: ColumnInfo): Field {
  const base = { column, labels: valueLabels(report, column.name) };
  const step = calendarStep(column);
  if (step !== undefined) return { ...base, kind: 'calendar', step };
  if (column.type === 'timestamptz') return { ...base, kind: 'instant' };
  if (NUMBERS.test(column.type)) {
    return { ...base, kind: 'number', numberFormat: NUMBER_FORMATS[column.format] ?? '.12~r' };
  }
  return { ...base, kind: 'category' };
}

/** Read as a category, whatever it is: numbers by their text. */
export function asCategory(field: Field): Field {
  return field.kind === 'number' || field.kind === 'instant'
    ? { column: field.column, labels: field.labels, kind: 'category' }
    : field;
}

export function numberOf(field: Field, row: Row): number | null {
  const cell = row[field.column.name] ?? null;
  if (cell === null || cell === '') return null;
  const number = field.kind === 'number' ? Number(cell) : Date.parse(String(cell));
  return Number.isFinite(number) ? number : null;
}

/** What tells marks apart: the ISO date of the first day, or the text. */
export function keyOf(field: Field, row: Row): string {
  return keyOfCell(field, row[field.column.name] ?? null);
}

export function keyOfCell(field: Field, cell: Cell): string {
  if (cell === null) return NO_VALUE;
  const text = String(cell);
  if (field.kind === 'calendar') return field.step === 'month' ? `${text.slice(0, 7)}-01` : text.slice(0, 10);
  if (field.column.type === 'bool') return text === 'true' ? 'Yes' : 'No';
  return Object.hasOwn(field.labels, text) ? (field.labels[text] ?? text) : text;
}

/** A Vega expression of `numberOf`: a number, milliseconds since 1970, or null. */
export function numberExpression(field: Field): string {
  const cell = datum(field.column.name);
  return field.kind === 'number' ? `toNumber(${cell})` : `toDate(${cell})`;
}

/** A Vega expression of `keyOf`. */
export function keyExpression(field: Field): string {
  const cell = datum(field.column.name);
  return `${cell} == null ? ${quote(NO_VALUE)} : ${presentKey(field, `('' + ${cell})`)}`;
}

function presentKey(field: Field, text: string): string {
  if (field.kind === 'calendar')
    return field.step === 'month' ? `slice(${text}, 0, 7) + '-01'` : `slice(${text}, 0, 10)`;
  if (field.column.type === 'bool') return `${text} == 'true' ? 'Yes' : 'No'`;
  return Object.entries(field.labels).reduceRight(
    (otherwise, [value, label]) => `${text} == ${quote(value)} ? ${quote(label)} : ${otherwise}`,
    text,
  );
}

/** How people read the value at `from`, a derived field that holds a number (or time), or a key. */
export function textExpression(field: Field, from: string): string {
  const value = datum(from);
  switch (field.kind) {
    case 'number':
      return `isValid(${value}) ? format(${value}, ${quote(field.numberFormat)}) : '–'`;
    case 'calendar':
      return `isValid(toDate(${value})) ? utcFormat(toDate(${value}), ${quote(DATE_FORMATS[field.step])}) : ${value}`;
    case 'instant':
      return `isValid(${value}) ? utcFormat(${value}, ${quote(DATE_FORMATS.instant)}) : ${quote(NO_VALUE)}`;
    case 'category':
      return value;
  }
}

export function datum(field: string): string {
  return `datum[${quote(field)}]`;
}

/** What stands for the value of an expression; by index, because a name may be one that every object has (`constructor`). */
export function lookupExpression(
  entries: readonly (readonly [string, unknown])[],
  value: string,
  otherwise: string,
): string {
  if (entries.length === 0) return otherwise;
  const at = `indexof(${JSON.stringify(entries.map(([key]) => key))}, ${value})`;
  return `${at} < 0 ? (${otherwise}) : ${JSON.stringify(entries.map(([, found]) => found))}[${at}]`;
}

/** A string of the expression language, which is that of JavaScript. */
export function quote(text: string): string {
  return JSON.stringify(text);
}

function valueLabels(report: Report, column: string): Readonly<Record<string, string>> {
  for (const filter of report.filters) {
    if ((filter.op === 'eq' || filter.op === 'in') && filter.column === column && filter.labels) return filter.labels;
  }
  return {};
}
