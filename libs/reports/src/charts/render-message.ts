import type { Chart, Report } from '../report.js';
import type { ColumnInfo, Row } from '../shown/api.js';
import type { ChartLook, DrawnChart, VegaSpec } from './chart-spec.js';

export type PictureFormat = 'svg' | 'png';

/** What `chartSpec` takes. */
export interface SketchRequest {
  readonly report: Report;
  readonly chart: Chart;
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly Row[];
  readonly look: ChartLook;
}

export type RenderRequest =
  | { readonly sketch: SketchRequest }
  | { readonly spec: VegaSpec; readonly rows: readonly Row[]; readonly format: PictureFormat };

export type RenderResult = { readonly drawn: DrawnChart } | { readonly picture: string | Uint8Array };

export type RenderAnswer =
  /** First of all: the thread has read what it draws with. */
  { readonly ready: true } | RenderResult | { readonly failure: string };
