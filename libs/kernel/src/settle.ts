import type { Outcome } from './outcome.js';
import { RollcallError } from './rollcall-error.js';
import { backoffMs } from './backoff.js';

/** Deliveries after which a message is buried. Below every consumer's `max_deliver`, so that the broker never drops one in silence. */
export const MAX_TRIES = 8;

/** From this delivery on a message is handled alone, so that only the one that kills the process is buried. */
export const LONE_FROM_TRY = 3;

/** What the one owner of the acknowledgement does with a message. */
export type Settlement =
  | { readonly do: 'ack' }
  | { readonly do: 'retry'; readonly delayMs: number; readonly code: string }
  | { readonly do: 'bury'; readonly code: string }
  | { readonly do: 'forward'; readonly to: string }
  | { readonly do: 'crash'; readonly error: unknown };

export type Verdict = Outcome<unknown, string> | { readonly kind: 'threw'; readonly error: unknown };

/**
 * Decides the fate of a message from the verdict on it.
 * @param tries deliveries so far, this one included (1 = first)
 * @param random a number in [0, 1): the jitter
 */
export function settle(verdict: Verdict, tries: number, random: number): Settlement {
  switch (verdict.kind) {
    case 'ok':
    case 'skip':
      return { do: 'ack' };
    case 'dead':
      return { do: 'bury', code: verdict.reason };
    case 'route':
      return { do: 'forward', to: verdict.to };
    case 'threw':
      return settleError(verdict.error, tries, random);
  }
}

function settleError(error: unknown, tries: number, random: number): Settlement {
  if (!(error instanceof RollcallError)) {
    return tries >= MAX_TRIES ? { do: 'bury', code: 'unknown-error' } : { do: 'crash', error };
  }
  if (error.retry !== 'timed') return { do: 'bury', code: error.code };
  // An outage is not the message's fault: it is retried for as long as the world is broken.
  return { do: 'retry', delayMs: backoffMs(tries, random), code: error.code };
}
