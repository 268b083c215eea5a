import { backoffMs, RollcallError } from '@rollcall/kernel';
import type { Logger } from '@rollcall/service';
import { pause } from '../pause.js';

/** Runs an act until it returns or the signal is aborted: a database that is away is waited for. Throws what does not heal by itself. */
export async function keepTrying(
  what: string,
  act: () => Promise<void>,
  signal: AbortSignal,
  log: Logger,
): Promise<void> {
  for (let tries = 1; !signal.aborted; tries += 1) {
    const startMs = performance.now();
    try {
      await act();
      return;
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RollcallError) || error.retry !== 'timed') throw error;
      // What ran for a while was well in between.
      if (performance.now() - startMs > 60_000) tries = 1;
      log.warn({ err: error, tries }, what);
    }
    await pause(backoffMs(tries, Math.random()), signal);
  }
}
