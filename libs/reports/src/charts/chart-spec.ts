import type { TopLevelSpec } from 'vega-lite';
import type { Chart, Report } from '../report.js';
import type { Cell, ColumnInfo, Row } from '../shown/api.js';
import type { ChartTheme } from './theme.js';

export const MIN_CHART_WIDTH = 320;
export const MAX_CHART_WIDTH = 1600;

/** A compiled Vega specification with an empty data set `rows`. */
export type VegaSpec = Readonly<Record<string, unknown>>;

export interface ChartLook {
  readonly theme: ChartTheme;
  /** Of the whole picture in pixels; brought into `MIN_CHART_WIDTH`..`MAX_CHART_WIDTH`. */
  readonly width: number;
  /** Rows that the chart's limit left out; said in the subtitle. */
  readonly leftOut?: number;
  /** All values of the colour column, filtered or not: a value keeps its colour whatever the filter. Absent: those of the rows. */
  readonly colourDomain?: readonly Cell[];
  /** `none`: the page says title and subtitle itself. */
  readonly heading?: 'drawn' | 'none';
}

export interface DrawnChart {
  readonly vegaLite: TopLevelSpec;
  readonly vega: VegaSpec;
  /** Of the whole picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** One or two sentences made from the data, for people who cannot see the chart. */
  readonly description: string;
  readonly title: string;
  /** With the unit and what is left out. */
  readonly subtitle: string;
}

/**
 * What a chart of the report looks like over these rows: a specification that `ChartRenderer` and browsers fill with the same rows.
 * Pure, and the same for the same arguments. Throws RollcallError('report/invalid') for an author's specification that does not compile.
 */
export declare function chartSpec(
  report: Report,
  chart: Chart,
  columns: readonly ColumnInfo[],
  rows: readonly Row[],
  look: ChartLook,
): DrawnChart;
