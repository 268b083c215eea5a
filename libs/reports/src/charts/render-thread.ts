import type { Worker } from 'node:worker_threads';
import { ChartRenderError } from './render-error.js';
import type { RenderAnswer, RenderRequest, RenderResult } from './render-message.js';
import { startWorker } from './start-worker.js';

/** A thread reads Vega before it draws: most of a second, and much longer on a machine that is busy. */
const START_SECONDS = 60;

/** One thread that does one thing at a time. Once it has ended, for whatever reason, another takes its place. */
export class RenderThread {
  readonly #worker: Worker;
  readonly #limitSeconds: number;
  readonly #idleSeconds: number | undefined;
  #idle: NodeJS.Timeout | undefined;
  #limit: NodeJS.Timeout | undefined;
  #settle: { resolve: (result: RenderResult) => void; reject: (error: unknown) => void } | undefined;
  #alive = true;
  #ready = false;

  /** @param idleSeconds undefined: stays, also without work */
  constructor(limitSeconds: number, idleSeconds: number | undefined) {
    this.#limitSeconds = limitSeconds;
    this.#idleSeconds = idleSeconds;
    this.#worker = startWorker();
    // Without work the thread does not keep the process.
    this.#worker.unref();
    this.#worker.on('message', (answer: RenderAnswer) => {
      if ('ready' in answer) return this.#started();
      if (!('failure' in answer)) return this.#settled()?.resolve(answer);
      this.#settled()?.reject(new ChartRenderError('failed', `the chart cannot be drawn: ${answer.failure}`));
    });
    this.#worker.on('error', (cause) => {
      this.#fail(new ChartRenderError('failed', 'the chart cannot be drawn: its thread broke', { cause }));
    });
    this.#worker.on('exit', () => {
      this.#fail(new ChartRenderError('closed', 'the thread that draws charts has ended'));
    });
  }

  get alive(): boolean {
    return this.#alive;
  }

  draw(request: RenderRequest): Promise<RenderResult> {
    clearTimeout(this.#idle);
    const { promise, resolve, reject } = Promise.withResolvers<RenderResult>();
    this.#settle = { resolve, reject };
    this.#worker.ref();
    this.#allow(this.#ready ? this.#limitSeconds : START_SECONDS);
    try {
      this.#worker.postMessage(request);
    } catch (cause) {
      this.#settled()?.reject(
        new ChartRenderError('failed', 'the chart cannot be drawn: its specification is not plain data', { cause }),
      );
    }
    return promise;
  }

  async end(): Promise<void> {
    this.#alive = false;
    clearTimeout(this.#idle);
    await this.#worker.terminate();
  }

  /** The time of the first picture counts from here. */
  #started(): void {
    this.#ready = true;
    if (this.#settle !== undefined) this.#allow(this.#limitSeconds);
  }

  #allow(seconds: number): void {
    clearTimeout(this.#limit);
    this.#limit = setTimeout(() => {
      this.#fail(new ChartRenderError('too-slow', `the chart took longer than ${seconds} s to draw`));
      void this.end();
    }, seconds * 1000);
  }

  #fail(error: ChartRenderError): void {
    this.#alive = false;
    this.#settled()?.reject(error);
    clearTimeout(this.#idle);
  }

  #settled() {
    const settle = this.#settle;
    this.#settle = undefined;
    clearTimeout(this.#limit);
    this.#worker.unref();
    if (this.#idleSeconds !== undefined)
      this.#idle = setTimeout(() => void this.end(), this.#idleSeconds * 1000).unref();
    return settle;
  }
}
