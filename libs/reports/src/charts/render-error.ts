/** Why there is no picture. */
export type RenderFailure =
  /** More pictures wait than may: ask again later. */
  | 'busy'
  /** It took longer than a picture may. */
  | 'too-slow'
  /** The specification cannot be drawn. */
  | 'failed'
  /** The renderer is shut down. */
  | 'closed';

export class ChartRenderError extends Error {
  override readonly name = 'ChartRenderError';
  readonly reason: RenderFailure;

  constructor(reason: RenderFailure, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.reason = reason;
  }
}
