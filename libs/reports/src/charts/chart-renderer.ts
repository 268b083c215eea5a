import type { Row } from '../shown/api.js';
import type { VegaSpec } from './chart-spec.js';

export interface ChartRendererOptions {
  /** Threads at most, each started when it is needed. Default 2. */
  readonly workers?: number;
  /** A picture that takes longer is given up, with its thread. Default 5. */
  readonly limitSeconds?: number;
  /** Pictures that may wait; more are refused. Default 64. */
  readonly maxWaiting?: number;
  /** A thread without work ends after this time and gives its memory back. Default 60. */
  readonly idleSeconds?: number;
}

export interface RenderOptions {
  readonly signal?: AbortSignal;
}

/**
 * Draws specifications of `chartSpec` as SVG text or PNG bytes (at twice the size), in threads. The same input gives the same bytes.
 * Nothing is loaded from anywhere. Errors: RollcallError, see `render`.
 */
export declare class ChartRenderer implements AsyncDisposable {
  constructor(options?: ChartRendererOptions);
  render(spec: VegaSpec, rows: readonly Row[], format: 'svg', options?: RenderOptions): Promise<string>;
  render(spec: VegaSpec, rows: readonly Row[], format: 'png', options?: RenderOptions): Promise<Uint8Array>;
  [Symbol.asyncDispose](): Promise<void>;
}
