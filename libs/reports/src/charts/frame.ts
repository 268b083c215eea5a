import type { ColumnInfo } from '../shown/api.js';
import type { Chart } from '../report.js';
import { textWidth, wrapText } from './text-width.js';
import { LEGEND_OFFSET, LEGEND_SIZE, PADDING, SUBTITLE, TITLE, TITLE_OFFSET } from './theme.js';

/** A part of a Vega-Lite specification. */
export type Json = Readonly<Record<string, unknown>>;

/** What a kind of chart makes of its rows; the frame (title, size, padding) is put around it. */
export interface Sketch {
  /** Without data, title, size and padding. */
  readonly spec: Json;
  /** Of everything below the heading: legend, plot, axis. */
  readonly height: number;
  /** Small charts below each other: the plots have a size of their own, and this is where the first begins. */
  readonly fixed?: { readonly left: number; readonly top: number };
  /** An author's composed view, which has the size that it has. */
  readonly composed?: boolean;
  /** What the reader must know, for the subtitle. */
  readonly notes: readonly string[];
}

export interface Heading {
  readonly title: readonly string[];
  readonly subtitle: readonly string[];
  readonly height: number;
}

/** Title and subtitle in as many lines as they need. */
export function headingOf(title: string, subtitle: string, width: number): Heading {
  const room = width - PADDING.left - PADDING.right;
  const titleLines = wrapText(title, room, TITLE.size, TITLE.weight);
  const subtitleLines = wrapText(subtitle, room, SUBTITLE.size);
  const blockHeight = (lines: readonly string[], size: number, lineHeight: number) =>
    lines.length === 0 ? 0 : size + (lines.length - 1) * lineHeight;
  const titleHeight = blockHeight(titleLines, TITLE.size, TITLE.lineHeight);
  const subtitleHeight = blockHeight(subtitleLines, SUBTITLE.size, SUBTITLE.lineHeight) + SUBTITLE.padding;
  return {
    title: titleLines,
    subtitle: subtitleLines,
    height: titleLines.length === 0 ? 0 : titleHeight + subtitleHeight + TITLE_OFFSET,
  };
}

/** The subtitle of the report with the unit, where its words do not name it yet, and the notes of the sketch. */
export function subtitleOf(chart: Chart, measure: ColumnInfo | undefined, notes: readonly string[]): string {
  const unit = measure?.unit;
  const said = chart.subtitle ?? measure?.label ?? '';
  const named = unit === undefined || `${chart.title} ${said}`.toLowerCase().includes(unit.toLowerCase());
  const first = named ? said : said === '' ? `In ${unit}` : `${said} (${unit})`;
  return [first, ...notes].filter((part) => part !== '').join(' · ');
}

export interface LegendLayout {
  readonly columns: number;
  readonly labelLimit: number;
  readonly height: number;
}

const SYMBOL = 22;
const COLUMN_GAP = 18;
const LEGEND_GAP = 4;

/** As many columns as have room; every entry is read whole unless it alone is too wide. */
export function legendLayout(labels: readonly string[], width: number): LegendLayout {
  const room = width - PADDING.left - PADDING.right;
  const labelLimit = room - SYMBOL;
  const widths = labels.map((label) => Math.min(textWidth(label, LEGEND_SIZE), labelLimit) + SYMBOL);
  let columns = Math.max(1, labels.length);
  while (columns > 1 && columnsWidth(widths, columns) > room) columns--;
  const rows = Math.ceil(labels.length / columns);
  return { columns, labelLimit, height: rows * (LEGEND_SIZE + LEGEND_GAP) - LEGEND_GAP + LEGEND_OFFSET };
}

function columnsWidth(widths: readonly number[], columns: number): number {
  let sum = (columns - 1) * COLUMN_GAP;
  for (let column = 0; column < columns; column++) {
    sum += Math.max(...widths.filter((_, at) => at % columns === column));
  }
  return sum;
}
