import { sha256Hex } from '@rollcall/kernel';
import { Random } from '../random.js';
import { appEvent, EVENT_NAMES, type AppEvent } from './app-event.js';
import { emptyTally, type EventTally } from './event-tally.js';
import { installations, type Installation } from './installation.js';
import { malformedText, MALFORMED_KINDS } from './malformed.js';

export interface EventPlan {
  readonly seed: string;
  readonly dataset: string;
  /** When the server takes the first event, in microseconds since 1970. */
  readonly firstAtMicros: number;
  /** Microseconds between one event and the next; may have a fraction. */
  readonly stepMicros: number;
  /** Shares of all messages, 0 to 1. */
  readonly duplicateShare: number;
  readonly dirtyShare: number;
  readonly mismatchShare: number;
}

export interface EventMessage {
  /** One line of text: JSON, unless it is malformed on purpose. */
  readonly text: string;
  /** The `Nats-Msg-Id`: `<dataset>:<id>`; a hash of the text where there is no id; something new where a client sends an event again. */
  readonly msgId: string;
}

/** Of how many of the latest events a duplicate is drawn. */
const RECENT = 4096;
const INSTALLATIONS = 10_000;

/** An endless source of messages: a pure function of the plan. `tally` says what `next` has given so far. */
export class EventMessages {
  readonly tally: EventTally = emptyTally();
  readonly #plan: EventPlan;
  readonly #random: Random;
  readonly #installations: readonly Installation[];
  readonly #recent: { readonly id: string; readonly text: string }[] = [];

  constructor(plan: EventPlan) {
    const root = new Random(`events:${plan.seed}`);
    this.#plan = plan;
    this.#random = root.fork('messages');
    this.#installations = installations(root.fork('installations'), INSTALLATIONS);
  }

  /** @param atMicros when the server takes it, instead of what the plan says */
  next(atMicros?: number): EventMessage {
    const at = atMicros ?? Math.floor(this.#plan.firstAtMicros + this.tally.sent * this.#plan.stepMicros);
    const draw = this.#random.next();
    this.tally.sent += 1;
    if (draw < this.#plan.dirtyShare) return this.#malformed(at);
    if (draw < this.#plan.dirtyShare + this.#plan.duplicateShare && this.#recent.length > 0) return this.#duplicate();
    return this.#fresh(at);
  }

  take(count: number): EventMessage[] {
    return Array.from({ length: count }, () => this.next());
  }

  #event(at: number): AppEvent {
    return appEvent(this.#random, this.#random.pick(this.#installations), at);
  }

  #fresh(at: number): EventMessage {
    let event = this.#event(at);
    if (this.#random.chance(this.#plan.mismatchShare)) {
      const others = EVENT_NAMES.filter((name) => name.event !== event['event']);
      event = { ...event, event_text: this.#random.pick(others).eventText };
      this.tally.mismatched += 1;
    }
    const text = JSON.stringify(event);
    this.#recent[this.tally.distinctIds % RECENT] = { id: event.id, text };
    this.tally.distinctIds += 1;
    return { text, msgId: `${this.#plan.dataset}:${event.id}` };
  }

  #duplicate(): EventMessage {
    const { id, text } = this.#random.pick(this.#recent);
    this.tally.duplicates += 1;
    // Half are a client's retry, which the broker knows; half come round another way and only the id of the event tells.
    if (!this.#random.chance(0.5)) return { text, msgId: `${this.#plan.dataset}:${id}:again:${this.tally.duplicates}` };
    this.tally.duplicatesSameMessageId += 1;
    return { text, msgId: `${this.#plan.dataset}:${id}` };
  }

  #malformed(at: number): EventMessage {
    const kind = this.#random.pick(MALFORMED_KINDS);
    const text = malformedText(this.#random, kind, this.#event(at));
    this.tally.malformed += 1;
    this.tally.malformedByKind[kind] += 1;
    return { text, msgId: `${this.#plan.dataset}:${sha256Hex(text)}` };
  }
}
