import type { Chart, Report } from '../report.js';
import type { Cell, Row } from '../shown/api.js';
import type { ChartFields, Mark } from './marks.js';
import type { ChartTheme } from './theme.js';

/** What a kind of chart is drawn from. */
export interface SketchInput {
  readonly report: Report;
  readonly chart: Chart;
  readonly fields: ChartFields;
  /** At least one. */
  readonly rows: readonly Row[];
  readonly marks: readonly Mark[];
  readonly theme: ChartTheme;
  readonly width: number;
  readonly colourDomain: readonly Cell[];
}
