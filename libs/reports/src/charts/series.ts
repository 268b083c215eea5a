import type { Report } from '../report.js';
import type { Cell } from '../shown/api.js';
import { datum, keyExpression, keyOfCell, quote, type Field } from './field.js';
import type { Mark } from './marks.js';
import type { Json, LegendLayout } from './frame.js';
import { THEMES, type ChartTheme } from './theme.js';

export const OTHER = 'Other';
const MAX_SERIES = 6;

/** Which colours a chart gives to which values. */
export interface Series {
  readonly field: Field;
  /** In the order of legend and stack: what the rows have of the named values, and `Other` where it is needed. */
  readonly shown: readonly string[];
  /** Values with a colour of their own, whether the rows have them or not. */
  readonly named: readonly string[];
  /** Values of the rows that go by `Other`, sorted. */
  readonly others: readonly string[];
}

/**
 * A value has the same colour in both themes and with any filter, as long as the domain stays. Of more than six values the six largest are
 * named. The order is the report's where it gives one (labels of a filter, accepted values), otherwise that of the alphabet.
 */
export function seriesOf(report: Report, field: Field, marks: readonly Mark[], domain: readonly Cell[] = []): Series {
  const totals = new Map<string, number>();
  for (const { series, y } of marks) totals.set(series, (totals.get(series) ?? 0) + Math.abs(y ?? 0));
  const ordered = inOrder(report, field, [...domain.map((cell) => keyOfCell(field, cell)), ...totals.keys()]);
  const largest = ordered.toSorted((a, b) => (totals.get(b) ?? 0) - (totals.get(a) ?? 0)).slice(0, MAX_SERIES);
  const named = ordered.length <= MAX_SERIES ? ordered : ordered.filter((value) => largest.includes(value));
  const others = ordered.filter((value) => !named.includes(value) && totals.has(value));
  const present = named.filter((value) => totals.has(value));
  return { field, named, others, shown: others.length > 0 ? [...present, OTHER] : present };
}

/** By which name a value goes in the chart. */
export function seriesName(series: Series, key: string): string {
  return series.others.includes(key) ? OTHER : key;
}

export function seriesExpression(series: Series): string {
  const key = `(${keyExpression(series.field)})`;
  return series.others.length === 0
    ? key
    : `indexof(${JSON.stringify(series.named)}, ${key}) >= 0 ? ${key} : ${quote(OTHER)}`;
}

export function seriesScale(series: Series, theme: ChartTheme) {
  const { series: hues, mute } = THEMES[theme];
  const colour = (value: string) => (series.named.includes(value) ? hues[series.named.indexOf(value)] : mute) ?? mute;
  return { domain: series.shown, range: series.shown.map(colour) };
}

/** The place of a datum in the order of the series; `from` is the derived field that holds its name. */
export function seriesOrderExpression(series: Series, from: string): string {
  return `indexof(${JSON.stringify(series.shown)}, ${datum(from)})`;
}

export function colourEncoding(series: Series, legend: LegendLayout | undefined, theme: ChartTheme): Json {
  return {
    color: {
      field: '_series',
      type: 'nominal',
      sort: series.shown,
      scale: seriesScale(series, theme),
      legend: legend === undefined ? null : { columns: legend.columns, labelLimit: legend.labelLimit },
    },
  };
}

/** Says which values `Other` stands for, or that they are not drawn because their numbers must not be summed. */
export function othersNote(series: Series | undefined, leftOut: boolean): readonly string[] {
  if (series === undefined || series.others.length === 0) return [];
  const { others } = series;
  const named = others.slice(0, 3).join(', ') + (others.length > 3 ? ` and ${others.length - 3} more` : '');
  return [leftOut ? `The ${MAX_SERIES} largest are shown; left out: ${named}` : `${OTHER}: ${named}`];
}

function inOrder(report: Report, field: Field, values: readonly string[]): readonly string[] {
  const sorted = [...new Set(values)].toSorted();
  const said = [...Object.values(field.labels), ...acceptedValues(report, field.column.name)];
  const place = (value: string) => (said.includes(value) ? said.indexOf(value) : said.length);
  return sorted.toSorted((a, b) => place(a) - place(b));
}

function acceptedValues(report: Report, column: string): readonly string[] {
  return report.tests.flatMap((test) => (test.kind === 'accepted' && test.column === column ? test.values : []));
}
