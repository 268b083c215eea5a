import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import type { ReadyCheck } from '@rollcall/service';
import type { SourceContext } from '../source-context.js';
import { examine, unfit } from './examine.js';

/** Looks again and again at what stands in the way of a source. A source that cannot be read stops nobody but itself. */
export class SourceWatch {
  readonly #context: SourceContext;
  readonly #everyMs: number;
  #problem: RollcallError | undefined;

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
      events.sourceExamined(source.source, found);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RollcallError)) throw error;
      this.#problem = error;
      events.sourceExamined(source.source, { stops: [`${error.code}: ${error.message}`], warnings: [] });
    }
  }
}
