import { setTimeout as sleep } from 'node:timers/promises';
import { createInbox, nanos, type Msg, type Subscription } from '@nats-io/transport-node';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import { HeldDelivery, parseAckReply } from './held-delivery.js';
import { readPullStatus } from './pull-status.js';

export interface PullerOptions {
  readonly stream: string;
  readonly durable: string;
  /** Bounds of what is pulled and not yet released. */
  readonly maxHeld: number;
  readonly maxHeldBytes: number;
  readonly onDelivery: (delivery: HeldDelivery) => void;
  readonly onStalled: (error: RollcallError) => void;
  readonly onResumed: () => void;
}

const EXPIRES_MS = 30_000;
const HEARTBEAT_MS = 5_000;
const SILENCE_MS = 2.5 * HEARTBEAT_MS;
const WATCH_MS = 1_000;
const DRAIN_LIMIT_MS = 2_000;
const RETRY_MS = 1_000;
const SHORT_RETRY_MS = 250;
/** Room for subject, headers and reply beside the payload. */
const ENVELOPE_BYTES = 8 * 1024;

/**
 * Keeps one pull request at the broker whenever there is room for more, and never holds more than its bounds.
 * Survives whatever happens there: lost connections, restarts, a consumer that is gone and comes back.
 */
export class Puller {
  readonly #broker: Broker;
  readonly #options: PullerOptions;
  readonly #inbox = `${createInbox()}.`;
  readonly #subject: string;
  readonly #maxHeldBytes: number;
  #subscription: Subscription | undefined;
  #reconnects: Disposable | undefined;
  #watch: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #pull = 0;
  /** Messages the current pull may still bring; 0: there is no pull. */
  #remaining = 0;
  #held = 0;
  #heldBytes = 0;
  #heardMs = 0;
  /** Why nothing comes; undefined while something does. */
  #stalledBy: RollcallError['code'] | undefined;
  #broughtNothing = false;

  constructor(broker: Broker, options: PullerOptions) {
    this.#broker = broker;
    this.#options = options;
    this.#subject = `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.durable}`;
    this.#maxHeldBytes = Math.max(options.maxHeldBytes, 2 * this.#largestMessage);
  }

  start(): void {
    this.#subscription = this.#broker.nc.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => (error ? this.#stall(error) : this.#receive(message)),
    });
    this.#reconnects = this.#broker.onReconnect(() => this.#again());
    this.#watch = setInterval(() => this.#look(), WATCH_MS);
    this.#again();
  }

  /** Ends pulling. What the broker has sent already is still delivered; when this returns nothing comes any more. */
  async stop(): Promise<void> {
    clearInterval(this.#watch);
    clearTimeout(this.#retry);
    this.#reconnects?.[Symbol.dispose]();
    const subscription = this.#subscription;
    this.#subscription = undefined;
    if (!subscription || this.#broker.nc.isClosed()) return;
    if (this.#broker.connected) {
      // The client waits for its answer for ever, should the line break now.
      await Promise.race([
        subscription.drain().catch(() => undefined),
        sleep(DRAIN_LIMIT_MS, undefined, { ref: false }),
      ]);
    } else {
      subscription.unsubscribe();
    }
  }

  /** A delivery is settled: there is room again. */
  release(delivery: HeldDelivery): void {
    this.#held -= 1;
    this.#heldBytes -= delivery.size;
  }

  /** Asks for more when there is room and nothing is asked for. Call after releasing. */
  refill(): void {
    if (this.#remaining > 0 || this.#retry || !this.#subscription || !this.#broker.connected) return;
    const room = this.#options.maxHeld - this.#held;
    // Many small requests would cost more than they bring.
    if (room < Math.max(1, this.#options.maxHeld >> 3)) return;
    if (this.#held > 0 && this.#maxHeldBytes - this.#heldBytes < this.#largestMessage) return;
    this.#request();
  }

  get #largestMessage(): number {
    return (this.#broker.nc.info?.max_payload ?? 1024 * 1024) + ENVELOPE_BYTES;
  }

  #request(): void {
    const maxBytes = this.#maxHeldBytes - this.#heldBytes;
    this.#pull += 1;
    // A message larger than any bound would block the consumer for ever: then one is taken whatever its size.
    const limits = this.#broughtNothing
      ? { batch: 1 }
      : { batch: this.#options.maxHeld - this.#held, max_bytes: maxBytes };
    this.#remaining = limits.batch;
    this.#broughtNothing = false;
    this.#heardMs = performance.now();
    const body = JSON.stringify({ ...limits, expires: nanos(EXPIRES_MS), idle_heartbeat: nanos(HEARTBEAT_MS) });
    if (!this.#broker.nc.isClosed()) this.#broker.nc.publish(this.#subject, body, { reply: this.#inbox + this.#pull });
  }

  #receive(message: Msg): void {
    const nowMs = performance.now();
    const reply = message.reply ?? '';
    const parsed = parseAckReply(reply);
    if (!parsed) {
      this.#answered(message);
      return;
    }
    this.#alive(nowMs);
    const delivery = new HeldDelivery(message, reply, this.#options.stream, parsed, nowMs);
    this.#held += 1;
    this.#heldBytes += delivery.size;
    if (this.#remaining > 0) this.#remaining -= 1;
    this.#options.onDelivery(delivery);
    if (this.#remaining === 0) this.refill();
  }

  #answered(message: Msg): void {
    // The end of an earlier pull says nothing about the current one.
    if (message.subject !== this.#inbox + this.#pull) return;
    const status = readPullStatus(message.headers?.code ?? 0, message.headers?.description ?? '');
    switch (status) {
      case 'heartbeat':
        this.#alive(performance.now());
        return;
      case 'ended':
        this.#alive(performance.now());
        this.#remaining = 0;
        this.refill();
        return;
      case 'too-large':
        this.#remaining = 0;
        this.#broughtNothing = this.#held === 0;
        this.refill();
        return;
      case 'gone':
        this.#stall(
          new RollcallError(
            'nats/topology',
            `consumer ${this.#options.stream}/${this.#options.durable} at ${this.#broker.place} is gone`,
          ),
        );
        this.#later(RETRY_MS);
        return;
      case 'refused':
        this.#later(SHORT_RETRY_MS);
        return;
    }
  }

  #alive(nowMs: number): void {
    this.#heardMs = nowMs;
    if (this.#stalledBy === undefined) return;
    this.#stalledBy = undefined;
    this.#options.onResumed();
  }

  /** Said once for each reason: an outage may turn out to be a lost store, and that is another thing to know. */
  #stall(cause: Error): void {
    const where = `pulling from ${this.#options.stream}/${this.#options.durable} at ${this.#broker.place}`;
    const error =
      cause instanceof RollcallError
        ? cause
        : new RollcallError('nats/unavailable', `${where}: ${cause.message}`, { cause });
    if (this.#stalledBy === error.code) return;
    this.#stalledBy = error.code;
    this.#options.onStalled(error);
  }

  #later(delayMs: number): void {
    this.#remaining = 0;
    this.#retry ??= setTimeout(() => this.#again(), delayMs);
  }

  /** Begins anew: whatever was asked for is forgotten at the broker, or will be. */
  #again(): void {
    clearTimeout(this.#retry);
    this.#retry = undefined;
    this.#remaining = 0;
    this.refill();
    void this.#probe();
  }

  /** nats-server says nothing to a pull from a consumer that does not exist, so it is asked. */
  async #probe(): Promise<void> {
    const { stream, durable } = this.#options;
    try {
      await this.#broker.jsm.consumers.info(stream, durable);
      this.#alive(performance.now());
    } catch (error) {
      if (!this.#subscription) return;
      const ours = classifyNatsError(error, `consumer ${stream}/${durable} at ${this.#broker.place}`);
      this.#stall(ours instanceof Error ? ours : new Error(String(ours)));
      this.#later(RETRY_MS);
    }
  }

  #look(): void {
    if (!this.#broker.connected) {
      this.#stall(new RollcallError('nats/unavailable', `nats-server at ${this.#broker.place} is not connected`));
    } else if (this.#remaining > 0 && performance.now() - this.#heardMs > SILENCE_MS) {
      this.#stall(new RollcallError('nats/unavailable', `${this.#subject} at ${this.#broker.place} does not answer`));
      this.#again();
    }
  }
}
