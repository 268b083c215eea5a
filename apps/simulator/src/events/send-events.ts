import { backoffMs, RollcallError } from '@rollcall/kernel';
import { pause } from '../pause.js';
import { dueNow, untilDueMs } from './due.js';
import type { EventMessage } from './event-messages.js';
import type { EventSink, SinkAnswer } from './event-sink.js';

/** Where the messages come from. */
export interface EventSource {
  take(count: number): readonly EventMessage[];
}

export interface SendOptions {
  /** Events per second, 1 to 50,000; Infinity: as fast as the target takes them. Read before every burst, so it may change. */
  readonly ratePerSecond: () => number;
  /** Messages in all; Infinity: until the time is over or somebody stops it. */
  readonly total: number;
  readonly durationMs: number;
  readonly signal: AbortSignal;
  readonly onRetry?: (error: RollcallError, tries: number) => void;
  readonly onSent?: (count: number, answer: SinkAnswer) => void;
}

export interface SendResult {
  readonly elapsedMs: number;
  /** Sums of what the target said. */
  readonly known: number;
  readonly refused: number;
}

/** Messages handed over at once: bounds the memory and what must be sent again after a failure. */
const BURST = 10_000;
const TICK_MS = 10;

/**
 * Sends events at a steady mean rate. A target that is away is waited for; what it may not have taken is sent again with the same message
 * ids. Ends between two hand-overs, so the source's tally counts only what was handed over whole, unless the signal ends a wait for the
 * target: then it throws the target's error.
 */
export async function sendEvents(source: EventSource, sink: EventSink, options: SendOptions): Promise<SendResult> {
  const startMs = performance.now();
  const result = { known: 0, refused: 0 };
  let [sent, paceStartMs, paceSent, rate] = [0, startMs, 0, options.ratePerSecond()];
  while (!options.signal.aborted && sent < options.total) {
    const nowMs = performance.now();
    if (nowMs - startMs >= options.durationMs) break;
    if (rate !== options.ratePerSecond()) [paceStartMs, paceSent, rate] = [nowMs, 0, options.ratePerSecond()];
    const due = Math.min(dueNow(nowMs - paceStartMs, paceSent, rate, BURST), options.total - sent);
    if (due === 0) {
      const waitMs = Math.max(TICK_MS, untilDueMs(nowMs - paceStartMs, paceSent, rate));
      await pause(Math.min(waitMs, options.durationMs - (nowMs - startMs), 1_000), options.signal);
      continue;
    }
    const answer = await handOver(sink, source.take(due), options);
    [sent, paceSent] = [sent + due, paceSent + due];
    result.known += answer.known;
    result.refused += answer.refused;
    options.onSent?.(due, answer);
  }
  return { ...result, elapsedMs: performance.now() - startMs };
}

async function handOver(sink: EventSink, messages: readonly EventMessage[], options: SendOptions): Promise<SinkAnswer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await sink.send(messages);
    } catch (error) {
      if (!(error instanceof RollcallError) || error.retry !== 'timed' || options.signal.aborted) throw error;
      options.onRetry?.(error, tries);
      await pause(backoffMs(tries, Math.random()), options.signal);
    }
  }
}
