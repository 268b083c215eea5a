import type { Row } from '../shown/api.js';
import type { DrawnChart, VegaSpec } from './chart-spec.js';
import { ChartRenderError } from './render-error.js';
import type { PictureFormat, RenderRequest, RenderResult, SketchRequest } from './render-message.js';
import { RenderThread } from './render-thread.js';

export interface ChartRendererOptions {
  /** Threads at most, each started when it is needed. Default 2. */
  readonly workers?: number;
  /** A picture that takes longer is given up, with its thread. Default 5. */
  readonly limitSeconds?: number;
  /** Pictures that may wait for a thread; more are refused. Default 64. */
  readonly maxWaiting?: number;
  /** A thread without work ends after this time and gives its memory (some 150 MB) back. Default 60. */
  readonly idleSeconds?: number;
  /** One thread is started at once and stays: nobody waits for Vega to be read. Default false. */
  readonly keepOne?: boolean;
}

export interface RenderOptions {
  /** Ends the waiting; a picture that is being drawn is drawn to its end and thrown away. */
  readonly signal?: AbortSignal;
}

interface Waiting {
  readonly request: RenderRequest;
  readonly resolve: (result: RenderResult) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes specifications by `chartSpec` and draws them as SVG text or as PNG bytes at twice the size, in threads of its own: each takes tens of
 * milliseconds that a server must not stand still for, and Vega is only read there. The same input gives the same bytes, and nothing is
 * loaded from anywhere. First come, first served.
 */
export class ChartRenderer implements AsyncDisposable {
  readonly #limitSeconds: number;
  readonly #maxWaiting: number;
  readonly #idleSeconds: number;
  readonly #keepOne: boolean;
  readonly #threads: (RenderThread | undefined)[];
  readonly #waiting: Waiting[] = [];
  readonly #busy = new Set<number>();
  #closed = false;

  constructor(options: ChartRendererOptions = {}) {
    const { workers = 2, limitSeconds = 5, maxWaiting = 64, idleSeconds = 60, keepOne = false } = options;
    this.#threads = Array.from({ length: workers }, () => undefined);
    this.#limitSeconds = limitSeconds;
    this.#maxWaiting = maxWaiting;
    this.#idleSeconds = idleSeconds;
    this.#keepOne = keepOne;
    if (keepOne) this.#threads[0] = this.#newThread(0);
  }

  /** Threads that run now. */
  get threads(): number {
    return this.#threads.filter((thread) => thread?.alive).length;
  }

  /** `chartSpec`, in a thread. Rejects as `render` does. */
  async specify(request: SketchRequest, options?: RenderOptions): Promise<DrawnChart> {
    const result = await this.#ask({ sketch: request }, options);
    if ('drawn' in result) return result.drawn;
    throw new Error('the chart thread answered a specification with a picture');
  }

  /** Rejects with ChartRenderError, or with the reason of the signal. */
  render(spec: VegaSpec, rows: readonly Row[], format: 'svg', options?: RenderOptions): Promise<string>;
  render(spec: VegaSpec, rows: readonly Row[], format: 'png', options?: RenderOptions): Promise<Uint8Array>;
  async render(
    spec: VegaSpec,
    rows: readonly Row[],
    format: PictureFormat,
    options?: RenderOptions,
  ): Promise<string | Uint8Array> {
    const result = await this.#ask({ spec, rows, format }, options);
    if ('picture' in result) return result.picture;
    throw new Error('the chart thread answered a picture with a specification');
  }

  #ask(request: RenderRequest, { signal }: RenderOptions = {}): Promise<RenderResult> {
    if (this.#closed) return Promise.reject(new ChartRenderError('closed', 'the chart renderer is shut down'));
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#waiting.length >= this.#maxWaiting) {
      return Promise.reject(
        new ChartRenderError('busy', `${this.#waiting.length} charts wait to be drawn already; ask again`),
      );
    }
    const { promise, resolve, reject } = Promise.withResolvers<RenderResult>();
    const waiting = { request, resolve, reject };
    this.#waiting.push(waiting);
    const abort = () => {
      const at = this.#waiting.indexOf(waiting);
      if (at >= 0) this.#waiting.splice(at, 1);
      reject(signal?.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    this.#next();
    return promise.finally(() => signal?.removeEventListener('abort', abort));
  }

  /** Those who wait are turned away, the threads end. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    for (const { reject } of this.#waiting.splice(0)) {
      reject(new ChartRenderError('closed', 'the chart renderer is shut down'));
    }
    await Promise.all(this.#threads.flatMap((thread) => (thread === undefined ? [] : [thread.end()])));
  }

  /** Gives the first that waits to a thread without work. */
  #next(): void {
    const place = this.#threads.findIndex((_, at) => !this.#busy.has(at));
    if (place < 0 || this.#closed) return;
    const first = this.#waiting.shift();
    if (first === undefined) return;
    this.#busy.add(place);
    const thread = this.#threads[place]?.alive ? this.#threads[place] : this.#newThread(place);
    this.#threads[place] = thread;
    void thread
      .draw(first.request)
      .then(first.resolve, first.reject)
      .finally(() => {
        this.#busy.delete(place);
        this.#next();
      });
  }

  #newThread(place: number): RenderThread {
    return new RenderThread(this.#limitSeconds, this.#keepOne && place === 0 ? undefined : this.#idleSeconds);
  }
}
