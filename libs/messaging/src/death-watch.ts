import { deadLetterOf } from '@rollcall/contracts';
import { MAX_TRIES, systemClock } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import { deadLetterOfDelivery, maxSealedChars } from './dead-letter-of-delivery.js';
import type { HeldDelivery } from './held-delivery.js';

/** The code of a message that ended the process twice while it was handled alone. */
export const PROCESS_KILLED = 'process-killed';

const DEATHS = 2;
/** Notes of handlings that ended well keep their ids for as long as DEAD remembers ids; beyond this many the watch gives up. */
const MAX_NOTES = 16;

export type Watch =
  | { readonly kind: 'guilty' }
  /** Handle it; call `survived` as soon as there is a verdict, whatever it is. */
  | { readonly kind: 'watched'; readonly survived: () => Promise<void> };

const UNWATCHED: Watch = { kind: 'watched', survived: () => Promise.resolve() };

/**
 * Finds the message that kills the process without a word (memory, a fault in native code): no verdict is ever seen of it, and it would
 * come again for ever. How often it was delivered proves nothing, an outage has the same count. So before such a message is handled
 * alone its dead letter is written, and taken back when the process survives; two letters left standing are the proof.
 */
export class DeathWatch {
  readonly #broker: Broker;
  readonly #quarantineKey: string | undefined;

  constructor(broker: Broker, quarantineKey: string | undefined) {
    this.#broker = broker;
    this.#quarantineKey = quarantineKey;
  }

  /** Throws what `Broker.publish` throws; nothing has happened to the message then. */
  async begin(delivery: HeldDelivery): Promise<Watch> {
    if (delivery.tries < MAX_TRIES) return UNWATCHED;
    const standing: number[] = [];
    for (let note = 0; note < MAX_NOTES; note++) {
      const written = await this.#write(delivery, note);
      if (!written.duplicate) return this.#watched([...standing, written.sequence]);
      if (!(await this.#stands(written.sequence))) continue;
      standing.push(written.sequence);
      if (standing.length < DEATHS) continue;
      // One letter is enough to keep.
      await this.#remove(standing.slice(0, -1));
      return { kind: 'guilty' };
    }
    return UNWATCHED;
  }

  #watched(letters: readonly number[]): Watch {
    return { kind: 'watched', survived: () => this.#remove(letters) };
  }

  #write(delivery: HeldDelivery, note: number): Promise<{ readonly duplicate: boolean; readonly sequence: number }> {
    const letter = deadLetterOfDelivery({
      delivery,
      code: PROCESS_KILLED,
      verdict: { kind: 'dead', reason: PROCESS_KILLED },
      quarantineKey: this.#quarantineKey,
      maxSealedChars: maxSealedChars(this.#broker.nc.info?.max_payload),
      now: systemClock.nowMicros(),
    });
    const msgId = `${delivery.stream}:${delivery.sequence}:alone:${note}`;
    return this.#broker.publish(deadLetterOf(delivery.subject), letter, { msgId });
  }

  async #stands(sequence: number): Promise<boolean> {
    try {
      return (await this.#broker.jsm.streams.getMessage('DEAD', { seq: sequence })) !== null;
    } catch (error) {
      throw classifyNatsError(error, `reading DEAD at ${this.#broker.place}`);
    }
  }

  async #remove(letters: readonly number[]): Promise<void> {
    try {
      for (const sequence of letters) await this.#broker.jsm.streams.deleteMessage('DEAD', sequence, false);
    } catch (error) {
      throw classifyNatsError(error, `taking back a letter of DEAD at ${this.#broker.place}`);
    }
  }
}
