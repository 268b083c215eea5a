import type { ReadRow } from '@rollcall/catalog';
import { isoMicros, positionIndex, positionPrefix, RollcallError, sha256Hex, utcDay } from '@rollcall/kernel';
import { nextPoint } from '@rollcall/lake';
import { EventBatch } from '../events/event-batch.js';
import type { EventDataset } from '../events/event-dataset.js';
import { landBatch, type Landing } from '../land-batch.js';

/** An event read as a row, and its JSON text. */
export interface CollectedEvent {
  readonly row: ReadRow;
  readonly text: string;
}

interface Waiting {
  readonly events: readonly CollectedEvent[];
  readonly trace: string | undefined;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Events that may wait or be under way for one dataset at a time. */
const MAX_HELD_EVENTS = 200_000;

/**
 * Gathers the events of many requests into common batches, by the dataset's flush rule. `add` returns when its events are in a durable,
 * announced object; it throws what kept them from it.
 */
export class LakeCollector {
  readonly #landing: Landing;
  readonly #target: EventDataset;
  #waiting: Waiting[] = [];
  #rows = 0;
  #bytes = 0;
  #held = 0;
  #timer: NodeJS.Timeout | undefined;
  /** Flushes follow each other: their points must rise. */
  #last: Promise<void> = Promise.resolve();

  constructor(landing: Landing, target: EventDataset) {
    this.#landing = landing;
    this.#target = target;
  }

  async add(events: readonly CollectedEvent[], trace: string | undefined): Promise<void> {
    if (events.length === 0) return;
    if (this.#held + events.length > MAX_HELD_EVENTS) {
      throw new RollcallError(
        'lake/throttled',
        `${this.#target.dataset.name}: ${this.#held} events wait for the lake already`,
      );
    }
    const landed = Promise.withResolvers<void>();
    this.#waiting.push({ events, trace, ...landed });
    this.#held += events.length;
    this.#rows += events.length;
    for (const { text } of events) this.#bytes += text.length;
    const { flush } = this.#target.dataset;
    if (this.#rows >= flush.rows || this.#bytes >= flush.bytes) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), flush.seconds * 1000);
    return landed.promise;
  }

  /** Lands what is waiting now. Failures go to those who wait, not to the caller. */
  flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#rows = 0;
    this.#bytes = 0;
    if (waiting.length > 0) this.#last = this.#last.then(() => this.#settle(waiting));
    return this.#last;
  }

  async #settle(waiting: readonly Waiting[]): Promise<void> {
    try {
      await this.#land(waiting);
      for (const { resolve } of waiting) resolve();
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
    for (const { events } of waiting) this.#held -= events.length;
  }

  async #land(waiting: readonly Waiting[]): Promise<void> {
    const { lake, clock } = this.#landing;
    const { name, source } = this.#target.dataset;
    const { epoch, point } = await nextPoint(lake, source, name, clock);
    const prefix = positionPrefix(epoch, point);
    const batch = new EventBatch(this.#target.dataset, undefined);
    let index = 0;
    for (const { events } of waiting) {
      for (const { row, text } of events) batch.add(row, prefix + positionIndex(index++), sha256Hex(text));
    }
    const facts = {
      origin: `http /v1/events/${name}`,
      trace: waiting.find(({ trace }) => trace !== undefined)?.trace,
      extractedAt: isoMicros(point),
      asOfDay: utcDay(point),
    };
    for (const made of batch.batches(facts)) await landBatch(this.#landing, 'http', made);
  }
}
