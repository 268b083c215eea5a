import { bar } from '../screen/screen.js';
import { grouped } from '../screen/text-table.js';
import type { DemoPart } from './state-file.js';

/** What of a dataset can be seen in the warehouse so far. */
export interface Seen {
  readonly dataset: string;
  readonly rows: number;
  readonly quarantined: number;
}

export interface WatchOptions {
  readonly parts: readonly DemoPart[];
  /** Records that stood there before the demo. */
  readonly before: readonly Seen[];
  readonly look: () => Promise<readonly Seen[]>;
  readonly progress: (text: string) => void;
  /** Given up when nothing more arrived for so long. */
  readonly patienceMs: number;
  readonly stop: AbortSignal;
  readonly nowMs: () => number;
  readonly wait: (ms: number) => Promise<void>;
}

const EVERY_MS = 400;

/** Shows how the demo arrives until all of it is there. False: stopped, or nothing more came. */
export async function watchArrival(options: WatchOptions): Promise<boolean> {
  let best = -1;
  let movedMs = options.nowMs();
  while (!options.stop.aborted) {
    const { arrived, expected } = progressOf(options.parts, options.before, await options.look());
    options.progress(
      `${bar(arrived, expected)}  ${grouped(arrived)} of ${grouped(expected)} records are in the warehouse`,
    );
    if (arrived >= expected) return true;
    if (arrived > best) {
      best = arrived;
      movedMs = options.nowMs();
    }
    if (options.nowMs() - movedMs > options.patienceMs) return false;
    await options.wait(EVERY_MS);
  }
  return false;
}

/** Of the records the demo must leave behind, how many are there; more of one dataset never makes up for less of another. */
export function progressOf(
  parts: readonly DemoPart[],
  before: readonly Seen[],
  now: readonly Seen[],
): { readonly arrived: number; readonly expected: number } {
  let arrived = 0;
  let expected = 0;
  for (const part of parts) {
    const [was, is] = [before, now].map((list) => list.find((seen) => seen.dataset === part.dataset));
    arrived += Math.min(part.distinct, Math.max(0, (is?.rows ?? 0) - (was?.rows ?? 0)));
    arrived += Math.min(part.malformed, Math.max(0, (is?.quarantined ?? 0) - (was?.quarantined ?? 0)));
    expected += part.distinct + part.malformed;
  }
  return { arrived, expected };
}
