import { retryAfterMs } from '../live/live-memory.js';

/** No answer, too many requests, and what a proxy or a busy service says: the same request may work a little later. */
const PASSING: ReadonlySet<number> = new Set([0, 429, 502, 503, 504]);
const FIRST_MS = 1000;
const MAX_TRIES = 5;

/** After how many milliseconds to ask again by itself; undefined: only when somebody says so. `random` is 0..1. */
export function askAgainMs(status: number, triesBefore: number, random: number): number | undefined {
  if (!PASSING.has(status) || triesBefore >= MAX_TRIES) return undefined;
  return FIRST_MS + retryAfterMs(triesBefore, random);
}
