export { checkChart } from './check-chart.js';
export { checkVegaLite, MAX_VEGA_LITE_BYTES } from './check-vega-lite.js';
export { chartSpec, type ChartLook, type VegaSpec } from './chart-spec.js';
export * from './renderer.js';
export { THEMES, type ChartTheme } from './theme.js';
