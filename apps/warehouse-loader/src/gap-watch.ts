import type { WaitingBatch } from '@rollcall/warehouse';
import type { LoaderEvents } from './events.js';
import { judgeGap, type GapLimits } from './stages/judge-gap.js';

interface Gap {
  readonly sinceSeconds: number;
  scanned: boolean;
  waiting: readonly WaitingBatch[];
}

/** Remembers which datasets wait for a missing batch, since when, and has the lake scanned for it once. */
export class GapWatch {
  readonly #gaps = new Map<string, Gap>();
  readonly #limits: GapLimits;
  readonly #events: LoaderEvents;
  readonly #nowSeconds: () => number;

  constructor(limits: GapLimits, events: LoaderEvents, nowSeconds: () => number) {
    this.#limits = limits;
    this.#events = events;
    this.#nowSeconds = nowSeconds;
  }

  note(dataset: string, waiting: readonly WaitingBatch[]): void {
    if (waiting.length === 0) {
      if (this.#gaps.delete(dataset)) this.#events.gapClosed(dataset);
      return;
    }
    const gap = this.#gaps.get(dataset) ?? { sinceSeconds: this.#nowSeconds(), scanned: false, waiting };
    gap.waiting = waiting;
    this.#gaps.set(dataset, gap);
  }

  /** Judges every open gap; calls `scan` for those whose batch may stand in the lake unannounced. */
  async review(scan: (dataset: string) => Promise<void>): Promise<void> {
    for (const [dataset, gap] of this.#gaps) {
      const ageSeconds = this.#nowSeconds() - gap.sinceSeconds;
      const verdict = judgeGap(ageSeconds, gap.scanned, this.#limits);
      this.#events.gapOpen(dataset, ageSeconds, gap.waiting, verdict.kind === 'stop');
      if (verdict.kind !== 'scan') continue;
      await scan(dataset);
      gap.scanned = true;
    }
  }
}
