import type { ColumnInfo, FilterInfo } from '@rollcall/reports/shown';

const NUMBERS: ReadonlySet<string> = new Set(['int', 'num1', 'num2', 'pct1']);
const TIMES: ReadonlySet<string> = new Set(['day', 'month', 'week', 'instant']);

/** Numbers stand right and are sorted from the largest; so are times, but they stand left. */
export function isNumber(column: Pick<ColumnInfo, 'format'>): boolean {
  return NUMBERS.has(column.format);
}

export function startsDescending(column: Pick<ColumnInfo, 'format'>): boolean {
  return isNumber(column) || TIMES.has(column.format);
}

/** The label, with the unit where the label does not say it already. */
export function headerText({ label, unit }: Pick<ColumnInfo, 'label' | 'unit'>): string {
  return unit === undefined || saysUnit(label, unit) ? label : `${label} (${unit})`;
}

export function saysUnit(label: string, unit: string): boolean {
  return label.toLowerCase().includes(unit.toLowerCase());
}

/** Words for a column's values, where a filter has words for them. */
export function labelsOf(filters: readonly FilterInfo[], column: string): ReadonlyMap<string | null, string> {
  const options = filters.find((filter) => filter.column === column && filter.options !== undefined)?.options ?? [];
  return new Map(options.flatMap(({ value, label }) => (value === null ? [] : [[value, label]])));
}
