import { setTimeout as sleep } from 'node:timers/promises';

/** A wait that the signal may end early; that is no error. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
