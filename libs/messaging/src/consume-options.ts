import type { RollcallError, Settlement, Verdict } from '@rollcall/kernel';
import type { Delivery } from './delivery.js';

/** When a batch is handed over: whichever comes first. */
export interface BatchLimits {
  /** Messages. */
  readonly max: number;
  /** Bytes of payload. One message may be larger: it is then a batch of its own. */
  readonly maxBytes: number;
  /** Milliseconds since the batch's first message. 0: at once, with whatever has arrived. */
  readonly waitMs: number;
}

export const DEFAULT_BATCH: BatchLimits = { max: 100, maxBytes: 4 * 1024 * 1024, waitMs: 0 };

/**
 * Takes a batch and says, message by message in the same order, what became of it. It is called again with the same messages after a
 * crash, a timeout or a lost acknowledgement, so its effects must be idempotent, and durable before it returns `ok` or `skip`.
 * A thrown error is the verdict on every message of the batch.
 */
export type BatchHandler = (deliveries: readonly Delivery[]) => Promise<readonly Verdict[]>;

/** Where `route` verdicts go. A route nobody serves is a bug: it stops the loop. */
export type Routes = Readonly<Record<string, (delivery: Delivery) => Promise<void>>>;

export interface ConsumeOptions {
  readonly stream: string;
  readonly durable: string;
  readonly handler: BatchHandler;
  /** Missing limits: see DEFAULT_BATCH. */
  readonly batch?: Partial<BatchLimits>;
  /** Batches in the handler at once (1). While they are there one more is being filled; nothing further is taken from the broker. */
  readonly concurrency?: number;
  readonly routes?: Routes;
  /** Seals the bytes of buried messages. Without it only their place, code and length are kept. */
  readonly quarantineKey?: string | undefined;
  readonly onEvent?: (event: ConsumeEvent) => void;
  /** Aborted: nothing more is pulled; what is in hand is handled and settled. */
  readonly signal: AbortSignal;
  /** How long batches in hand may wait for their turn after the abort before they are given back (10,000 ms). */
  readonly stopGraceMs?: number;
  /** A number in [0, 1): jitter of the delays and the order of lone messages. */
  readonly random?: () => number;
}

/** What the loop did, for logs and metrics. */
export type ConsumeEvent =
  | { readonly kind: 'started' }
  /** One call of the handler is over and its messages are settled. */
  | {
      readonly kind: 'handled';
      readonly messages: number;
      readonly bytes: number;
      readonly seconds: number;
      readonly settled: readonly SettledCount[];
    }
  | { readonly kind: 'buried'; readonly delivery: Delivery; readonly code: string; readonly error?: unknown }
  /** A message's end (bury, forward) could not be written; the message is delivered again. */
  | { readonly kind: 'settle-failed'; readonly delivery: Delivery; readonly error: RollcallError }
  /** Nothing arrives: the broker or the consumer is gone. Trying again for ever. */
  | { readonly kind: 'stalled'; readonly error: RollcallError }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'crashed'; readonly error: unknown }
  | { readonly kind: 'stopped'; readonly givenBack: number };

export interface SettledCount {
  readonly do: Settlement['do'];
  /** The error code or reason of `retry`, `bury`; empty otherwise. */
  readonly code: string;
  readonly count: number;
  /** The error behind the first of them, where a verdict carried one. */
  readonly error?: unknown;
}
