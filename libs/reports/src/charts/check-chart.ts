import type { Chart, Report } from '../report.js';

/**
 * What is wrong with a chart of a report, each a sentence; empty: it can be drawn. For faults that the shape of report.yaml cannot say:
 * a kind without the columns it needs, a stack of what must not be summed, a mark that would stand for several rows, what Vega-Lite refuses.
 */
export declare function checkChart(report: Report, chart: Chart): readonly string[];
