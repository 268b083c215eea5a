import type { BatchLimits } from './consume-options.js';
import type { HeldDelivery } from './held-delivery.js';

/**
 * Sorts deliveries into batches. A batch that is due goes on filling until somebody takes it, so a busy handler gets full batches.
 * Lone deliveries are batches of their own, taken first and in random order: where one of them kills the process, the others get past it.
 */
export class Batcher {
  readonly #limits: BatchLimits;
  readonly #random: () => number;
  readonly #onDue: () => void;
  readonly #full: HeldDelivery[][] = [];
  readonly #lone: HeldDelivery[] = [];
  #filling: HeldDelivery[] = [];
  #fillingBytes = 0;
  #due = false;
  #timer: NodeJS.Timeout | NodeJS.Immediate | undefined;

  /** @param onDue called when there may be something to take */
  constructor(limits: BatchLimits, random: () => number, onDue: () => void) {
    this.#limits = limits;
    this.#random = random;
    this.#onDue = onDue;
  }

  addLone(delivery: HeldDelivery): void {
    this.#lone.push(delivery);
    this.#onDue();
  }

  add(delivery: HeldDelivery): void {
    const bytes = delivery.size;
    if (this.#filling.length > 0 && this.#fillingBytes + bytes > this.#limits.maxBytes) this.#close();
    this.#filling.push(delivery);
    this.#fillingBytes += bytes;
    if (this.#filling.length >= this.#limits.max || this.#fillingBytes >= this.#limits.maxBytes) this.#close();
    else this.#timer ??= this.#startTimer();
  }

  /** The next batch, if one is due. */
  take(): readonly HeldDelivery[] | undefined {
    const [lone] = this.#lone.splice(Math.floor(this.#random() * this.#lone.length), 1);
    if (lone) return [lone];
    const full = this.#full.shift();
    if (full) return full;
    if (!this.#due) return undefined;
    this.#close();
    return this.#full.shift();
  }

  /** What has arrived is due now. */
  hurry(): void {
    this.#due = this.#filling.length > 0;
    this.#onDue();
  }

  /** Everything not taken yet; the batcher is empty afterwards. */
  takeRest(): readonly HeldDelivery[] {
    this.#close();
    return [...this.#lone.splice(0), ...this.#full.splice(0).flat()];
  }

  #startTimer(): NodeJS.Timeout | NodeJS.Immediate {
    const due = (): void => {
      this.#timer = undefined;
      this.hurry();
    };
    return this.#limits.waitMs > 0 ? setTimeout(due, this.#limits.waitMs) : setImmediate(due);
  }

  #close(): void {
    this.#stopTimer();
    this.#due = false;
    if (this.#filling.length === 0) return;
    this.#full.push(this.#filling);
    this.#filling = [];
    this.#fillingBytes = 0;
    this.#onDue();
  }

  #stopTimer(): void {
    if (!this.#timer) return;
    if (this.#limits.waitMs > 0) clearTimeout(this.#timer as NodeJS.Timeout);
    else clearImmediate(this.#timer as NodeJS.Immediate);
    this.#timer = undefined;
  }
}
