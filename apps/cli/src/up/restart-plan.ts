import { backoffMs } from '@rollcall/kernel';

/** A process that ran this long before it ended is well again: its restarts are counted anew. */
export const STEADY_MS = 60_000;

export interface Restarts {
  /** Ends in a row, each soon after the start. */
  readonly tries: number;
}

/**
 * When a process that ended is started again. 78 (a setting is wrong) is no exception: the operator may be mending it right now,
 * and the wait grows to half a minute.
 * @param ranMs how long it ran
 * @param random a number in [0, 1)
 */
export function planRestart(before: Restarts, ranMs: number, random: number): Restarts & { readonly delayMs: number } {
  const tries = ranMs >= STEADY_MS ? 1 : before.tries + 1;
  return { tries, delayMs: backoffMs(tries, random) };
}

/** How a process ended, in words. */
export function endOf(code: number | null, signal: string | null): string {
  if (signal !== null) return `was killed by ${signal}`;
  return code === 0 ? 'ended by itself' : `ended with exit code ${code ?? 'unknown'}`;
}
