import { setTimeout as delay } from 'node:timers/promises';

export interface UntilOptions {
  /** What is waited for, as it stands in the failure: "gave up after 5000 ms waiting for <what>". */
  readonly what: string;
  /** Default 15 s. */
  readonly timeoutMs?: number;
  /** Time between two looks. Default 25 ms. */
  readonly everyMs?: number;
}

/**
 * Waits until `condition` gives something other than false, null or undefined, and gives that back. A condition that
 * throws counts as not yet; the last error is named (and is the cause) when the time is up.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  options: UntilOptions,
): Promise<Exclude<T, false | null | undefined>> {
  const { what, timeoutMs = 15_000, everyMs = 25 } = options;
  const end = performance.now() + timeoutMs;
  let last: unknown;
  let cause: unknown;
  do {
    try {
      last = await condition();
      cause = undefined;
      if (last !== false && last !== null && last !== undefined) return last as Exclude<T, false | null | undefined>;
    } catch (error) {
      cause = error;
    }
    await delay(everyMs);
  } while (performance.now() < end);
  const seen =
    cause === undefined
      ? `last seen: ${String(last)}`
      : `last error: ${cause instanceof Error ? cause.message : String(cause)}`;
  throw new Error(`gave up after ${timeoutMs} ms waiting for ${what}; ${seen}`, { cause });
}
