import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import type { ReadyCheck } from '@rollcall/service';
import type { SourceContext } from '../source-context.js';
import { examine, unfit, type Examined } from './examine.js';

/** Looks again and again at what stands in the way of a source. A source that cannot be read stops nobody but itself. */
export class SourceWatch {
  readonly #context: SourceContext;
  readonly #everyMs: number;
  #problem: RollcallError | undefined;
  #examined: Examined | undefined;

  constructor(context: SourceContext, everyMs: number) {
    this.#context = context;
    this.#everyMs = everyMs;
    this.#problem = new RollcallError('source/unavailable', `${context.source.source} was not looked at yet`);
  }

  /** What stands in the way, as of the last look. */
  get problem(): RollcallError | undefined {
    return this.#problem;
  }

  get readyCheck(): ReadyCheck {
    return {
      name: `source-${this.#context.source.source}`,
      partial: true,
      check: async () => {
        if (this.#problem) throw this.#problem;
      },
    };
  }

  /**
   * Looks, unless all was well the last time, and throws what stands in the way of reading these datasets, all of it: code source/unfit.
   * A source that does not answer is nothing to be said of here: who reads it says so.
   */
  async demand(datasets: readonly string[]): Promise<void> {
    if (this.#problem) await this.look();
    const stops = datasets.flatMap((name) => this.#examined?.ofDataset.get(name) ?? []);
    if (stops.length > 0)
      throw new RollcallError('source/unfit', `${this.#context.source.source}: ${stops.join('\n')}`);
  }

  /** Until the signal is aborted. Throws what is a bug. */
  async run(): Promise<void> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      await this.look();
      await sleep(this.#everyMs, undefined, { signal }).catch(() => undefined);
    }
  }

  async look(): Promise<void> {
    const { source, events, signal } = this.#context;
    try {
      const found = await examine(this.#context);
      this.#problem = unfit(source.source, found);
      this.#examined = found;
      events.sourceExamined(source.source, found);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RollcallError)) throw error;
      this.#problem = error;
      this.#examined = undefined;
      events.sourceExamined(source.source, { stops: [`${error.code}: ${error.message}`], warnings: [] });
    }
  }
}
