export { checkChart } from './check-chart.js';
export { checkVegaLite, MAX_VEGA_LITE_BYTES } from './check-vega-lite.js';
export { ChartRenderer, type ChartRendererOptions, type RenderOptions } from './chart-renderer.js';
export {
  chartSpec,
  MAX_CHART_WIDTH,
  MIN_CHART_WIDTH,
  type ChartLook,
  type DrawnChart,
  type VegaSpec,
} from './chart-spec.js';
export { ChartRenderError, type RenderFailure } from './render-error.js';
export { THEMES, type ChartTheme } from './theme.js';
