/** `@rollcall/reports/renderer`: charts drawn in threads, for who must not read Vega itself. */
export { ChartRenderer, type ChartRendererOptions, type RenderOptions } from './chart-renderer.js';
export type { DrawnChart } from './chart-spec.js';
export { MAX_CHART_WIDTH, MIN_CHART_WIDTH } from './chart-width.js';
export { ChartRenderError, type RenderFailure } from './render-error.js';
export type { SketchRequest } from './render-message.js';
