import { chartColumns } from '../query/chart-statement.js';
import type { Chart, Report } from '../report.js';
import type { Cell, ColumnInfo, Row } from '../shown/api.js';
import { chartSpec } from './chart-spec.js';
import { compileWarnings } from './compile-vega-lite.js';

/**
 * Draws a chart of a parsed report over sample rows up to what Vega takes. Each entry is a sentence that says what Vega-Lite refuses; empty:
 * it can be drawn. What the chart says of columns is checked before, with its place, by `parseReport`.
 */
export function checkChart(report: Report, chart: Chart): readonly string[] {
  try {
    const columns = chartColumns(report, chart);
    const rows = [1, 2, 3].map((at): Row =>
      Object.fromEntries(columns.map((column) => [column.name, sampleCell(column, at)])),
    );
    const { vegaLite } = chartSpec(report, chart, columns, rows, { theme: 'light', width: 640 });
    return compileWarnings(vegaLite);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function sampleCell({ type }: ColumnInfo, at: number): Cell {
  if (type === 'date') return `2026-08-0${at}`;
  if (type === 'timestamptz') return `2026-08-0${at}T09:00:00.000000Z`;
  if (type === 'bool') return at % 2 === 0;
  if (/^(int8|decimal|numeric)/.test(type)) return String(at);
  if (/^(int|float)/.test(type)) return at;
  return `value ${at}`;
}
