import { setTimeout as delay } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import type { GapWatch } from './gap-watch.js';
import type { ScanRange } from './lake-scan.js';
import type { LoaderEvents } from './events.js';

export interface ScanScheduleOptions {
  readonly scan: (range: ScanRange) => Promise<number>;
  readonly gaps: GapWatch;
  readonly events: LoaderEvents;
  readonly recentDays: number;
  readonly recentEverySeconds: number;
  readonly allEverySeconds: number;
  readonly nowSeconds: () => number;
  readonly signal: AbortSignal;
}

const TURN_MS = 5_000;
const DAY_SECONDS = 86_400;

/**
 * Looks for batches nobody announced: recent days at start and every hour, all days once a day; and reviews open gaps. Runs until the
 * signal. An outage of lake or warehouse is an event, and the next turn tries again.
 */
export async function runScans(options: ScanScheduleOptions): Promise<void> {
  const { nowSeconds, signal } = options;
  let nextRecent = 0;
  // The scan of all days begins a full period after the start: the recent one has just run.
  let nextAll = nowSeconds() + options.allEverySeconds;
  while (!signal.aborted) {
    const now = nowSeconds();
    if (now >= nextAll) {
      await scanOnce(options, 'all days', {});
      nextAll = nowSeconds() + options.allEverySeconds;
      nextRecent = nowSeconds() + options.recentEverySeconds;
    } else if (now >= nextRecent) {
      const sinceDay = new Date((now - options.recentDays * DAY_SECONDS) * 1000).toISOString().slice(0, 10);
      const done = await scanOnce(options, 'recent days', { sinceDay });
      nextRecent = done ? nowSeconds() + options.recentEverySeconds : 0;
    }
    await options.gaps.review(async (dataset) => void (await scanOnce(options, `dataset ${dataset}`, { dataset })));
    await delay(TURN_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function scanOnce(options: ScanScheduleOptions, name: string, range: ScanRange): Promise<boolean> {
  const started = performance.now();
  try {
    const found = await options.scan(range);
    options.events.scanned(name, found, (performance.now() - started) / 1000);
    return true;
  } catch (error) {
    if (!(error instanceof RollcallError)) throw error;
    options.events.scanFailed(name, error);
    return false;
  }
}
