import type { Row } from '../shown/api.js';
import type { VegaSpec } from './chart-spec.js';

export type PictureFormat = 'svg' | 'png';

export interface RenderRequest {
  readonly spec: VegaSpec;
  readonly rows: readonly Row[];
  readonly format: PictureFormat;
}

export type RenderAnswer =
  /** First of all: the thread has read what it draws with. */
  { readonly ready: true } | { readonly picture: string | Uint8Array } | { readonly failure: string };
