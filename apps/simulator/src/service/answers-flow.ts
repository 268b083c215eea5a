import { RollcallError } from '@rollcall/kernel';
import type { ObjectStore } from '@rollcall/lake';
import type { Logger } from '@rollcall/service';
import { setTimeout as sleep } from 'node:timers/promises';
import type { PopulationSize } from '../answers/population.js';
import { dropAnswers, type AnswersDrop } from '../answers/drop-answers.js';

export interface AnswersFlowOptions {
  readonly seed: string;
  readonly everyMs: number;
  readonly rows: number;
  readonly nowMs: () => number;
}

const DAY_MS = 86_400_000;
/** A small school: the same people come back in every log. */
const PEOPLE: PopulationSize = { teachers: 12, students: 480 };

/** Drops an answers log of the last day now and then, in one schema and then in the other. */
export class AnswersFlow {
  readonly #options: AnswersFlowOptions;
  readonly #store: ObjectStore;
  readonly #log: Logger;
  #dropped = 0;

  constructor(options: AnswersFlowOptions, store: ObjectStore, log: Logger) {
    this.#options = options;
    this.#store = store;
    this.#log = log;
  }

  /** Files dropped so far. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Returns when the signal is aborted. A store that is away is tried again at the next turn. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#drop();
      } catch (error) {
        if (!(error instanceof RollcallError) || error.retry !== 'timed') throw error;
        this.#log.warn({ err: error }, 'answers not dropped');
      }
      try {
        await sleep(this.#options.everyMs, undefined, { signal });
      } catch (error) {
        if (!signal.aborted) throw error;
      }
    }
  }

  async #drop(): Promise<void> {
    const { tally, keys, bytes } = await dropAnswers(this.#store, this.#next());
    this.#dropped += keys.length;
    this.#log.info({ keys, bytes, ...tally }, 'answers dropped');
  }

  #next(): AnswersDrop {
    const { seed, rows, nowMs } = this.#options;
    const toMs = nowMs();
    return {
      plan: {
        peopleSeed: 'school',
        people: PEOPLE,
        seed: `${seed}-${toMs}`,
        schema: this.#dropped % 2 === 0 ? 'user' : 'participant',
        fromMs: toMs - DAY_MS,
        toMs,
        rows,
        duplicateShare: 0.005,
      },
      format: 'csv',
      prefix: 'answers',
      name: `live-${seed}-${toMs}`,
      files: 1,
    };
  }
}
