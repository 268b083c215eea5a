import type { Logger } from '@rollcall/service';
import { EventMessages, type EventMessage } from '../events/event-messages.js';
import type { EventSink } from '../events/event-sink.js';
import type { EventTally } from '../events/event-tally.js';
import { sendEvents } from '../events/send-events.js';

export interface EventFlowOptions {
  readonly seed: string;
  readonly dataset: string;
  readonly ratePerSecond: number;
  readonly duplicateShare: number;
  readonly dirtyShare: number;
  readonly nowMs: () => number;
}

/** Keeps sending events until it is stopped. The rate may be changed on the way; 0 rests. */
export class EventFlow {
  readonly #source: EventMessages;
  readonly #sink: EventSink;
  readonly #log: Logger;
  readonly #nowMs: () => number;
  #ratePerSecond: number;

  constructor(options: EventFlowOptions, sink: EventSink, log: Logger) {
    this.#sink = sink;
    this.#log = log;
    this.#nowMs = options.nowMs;
    this.#ratePerSecond = options.ratePerSecond;
    this.#source = new EventMessages({
      seed: options.seed,
      dataset: options.dataset,
      firstAtMicros: options.nowMs() * 1000,
      stepMicros: 1,
      duplicateShare: options.duplicateShare,
      dirtyShare: options.dirtyShare,
      mismatchShare: 0,
    });
  }

  get tally(): Readonly<EventTally> {
    return this.#source.tally;
  }

  get ratePerSecond(): number {
    return this.#ratePerSecond;
  }

  set ratePerSecond(rate: number) {
    this.#ratePerSecond = rate;
  }

  /** Returns when the signal is aborted. Throws what the target refuses for good. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      await sendEvents({ take: (count) => this.#take(count) }, this.#sink, {
        ratePerSecond: () => this.#ratePerSecond,
        total: Infinity,
        durationMs: Infinity,
        signal,
        onRetry: (error, tries) => this.#log.warn({ err: error, tries }, 'events not taken'),
      });
    } catch (error) {
      // What the target did not take while we stop is no failure of ours.
      if (!signal.aborted) throw error;
    }
  }

  /** Live events carry the time of sending, also after a rest or an outage. */
  #take(count: number): readonly EventMessage[] {
    const nowMicros = this.#nowMs() * 1000;
    return Array.from({ length: count }, (_, index) => this.#source.next(nowMicros + index));
  }
}
