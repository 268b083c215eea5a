import { RollcallError } from '@rollcall/kernel';
import { Batcher } from './batcher.js';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import { DEFAULT_BATCH, type BatchLimits, type ConsumeEvent, type ConsumeOptions } from './consume-options.js';
import { DeathWatch, PROCESS_KILLED } from './death-watch.js';
import type { HeldDelivery } from './held-delivery.js';
import { Puller } from './puller.js';
import { Settler, type BatchVerdict } from './settler.js';
import { TryLog } from './try-log.js';

const STOP_GRACE_MS = 10_000;
const DEFAULT_ACK_WAIT_MS = 30_000;
const RECONNECT_POLL_MS = 1_000;

/**
 * Takes messages of a durable pull consumer, batch after batch, until `signal` is aborted; then finishes what is in hand and returns.
 * Delivery is at least once, in no promised order. Outages of the broker, or a consumer that is gone, are reported as events and waited
 * out. Throws what the handler threw when that is not an error Rollcall knows: the process should exit, the messages come again.
 */
export async function consume(broker: Broker, options: ConsumeOptions): Promise<void> {
  await new ConsumerLoop(broker, options).run();
}

class ConsumerLoop {
  readonly #broker: Broker;
  readonly #options: ConsumeOptions;
  readonly #limits: BatchLimits;
  readonly #concurrency: number;
  readonly #tries = new TryLog();
  readonly #held = new Set<HeldDelivery>();
  readonly #batcher: Batcher;
  readonly #puller: Puller;
  readonly #settler: Settler;
  readonly #deathWatch: DeathWatch;
  readonly #over = Promise.withResolvers<void>();
  #active = 0;
  #stopping = false;
  /** Between the wish to stop and the last delivery. */
  #draining = false;
  #graceEndMs = Infinity;
  #crash: { readonly error: unknown } | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #grace: NodeJS.Timeout | undefined;
  #givenBack = 0;

  constructor(broker: Broker, options: ConsumeOptions) {
    const random = options.random ?? Math.random;
    this.#broker = broker;
    this.#options = options;
    this.#limits = { ...DEFAULT_BATCH, ...options.batch };
    this.#concurrency = options.concurrency ?? 1;
    this.#batcher = new Batcher(this.#limits, random, () => this.#pump());
    this.#settler = new Settler(broker, this.#tries, {
      routes: options.routes ?? {},
      quarantineKey: options.quarantineKey,
      random,
      onEvent: (event) => this.#emit(event),
    });
    this.#deathWatch = new DeathWatch(broker, options.quarantineKey);
    this.#puller = new Puller(broker, {
      stream: options.stream,
      durable: options.durable,
      maxHeld: (this.#concurrency + 1) * this.#limits.max,
      maxHeldBytes: (this.#concurrency + 1) * this.#limits.maxBytes,
      onDelivery: (delivery) => this.#receive(delivery),
      onStalled: (error) => this.#stalled(error),
      onResumed: () => this.#resumed(),
    });
  }

  async run(): Promise<void> {
    const { signal } = this.#options;
    if (signal.aborted) return;
    const abort = (): void => void this.#stop();
    signal.addEventListener('abort', abort, { once: true });
    this.#emit({ kind: 'started' });
    void this.#keepAlive();
    this.#puller.start();
    await this.#over.promise;
    signal.removeEventListener('abort', abort);
    clearInterval(this.#heartbeat);
    clearTimeout(this.#grace);
    this.#emit({ kind: 'stopped', givenBack: this.#givenBack });
    if (this.#crash) throw this.#crash.error;
  }

  #receive(delivery: HeldDelivery): void {
    this.#held.add(delivery);
    if (this.#tries.isLone(delivery.sequence, delivery.tries)) this.#batcher.addLone(delivery);
    else this.#batcher.add(delivery);
  }

  /** Puts batches into free places of the handler; when stopping, ends the loop once nothing is left. */
  #pump(): void {
    while (this.#active < this.#concurrency && !this.#crash) {
      const batch = this.#batcher.take();
      if (!batch) break;
      this.#active += 1;
      void this.#handle(batch);
    }
    if (this.#stopping && !this.#draining && this.#active === 0) this.#over.resolve();
  }

  async #handle(batch: readonly HeldDelivery[]): Promise<void> {
    try {
      await this.#handleAndSettle(batch);
    } catch (error) {
      this.#crashed(error);
    }
    for (const delivery of batch) this.#letGo(delivery);
    this.#puller.refill();
    this.#active -= 1;
    this.#pump();
  }

  async #handleAndSettle(batch: readonly HeldDelivery[]): Promise<void> {
    const startMs = performance.now();
    const verdict = await this.#askWatched(batch);
    const seconds = (performance.now() - startMs) / 1000;
    await this.#lineUp();
    const { counts, crash } =
      verdict.kind === 'guilty'
        ? this.#settler.endBuried(verdict.delivery, PROCESS_KILLED)
        : await this.#settler.settleBatch(batch, verdict);
    const bytes = batch.reduce((sum, delivery) => sum + delivery.size, 0);
    this.#emit({ kind: 'handled', messages: batch.length, bytes, seconds, settled: counts });
    if (crash) this.#crashed(crash.error);
  }

  /** A message that may have killed earlier processes is asked for its verdict under watch. */
  async #askWatched(
    batch: readonly HeldDelivery[],
  ): Promise<BatchVerdict | { readonly kind: 'guilty'; readonly delivery: HeldDelivery }> {
    const [delivery] = batch;
    if (batch.length !== 1 || !delivery || !this.#tries.isSuspect(delivery.sequence, delivery.tries)) {
      return this.#ask(batch);
    }
    try {
      const watch = await this.#deathWatch.begin(delivery);
      if (watch.kind === 'guilty') return { kind: 'guilty', delivery };
      const verdict = await this.#ask(batch);
      await watch.survived();
      return verdict;
    } catch (error) {
      return { kind: 'threw', error };
    }
  }

  async #ask(batch: readonly HeldDelivery[]): Promise<BatchVerdict> {
    try {
      return { kind: 'each', verdicts: await this.#options.handler(batch) };
    } catch (error) {
      return { kind: 'threw', error };
    }
  }

  /** An acknowledgement written while the line is down would be lost, and the work done again. */
  async #lineUp(): Promise<void> {
    while (!this.#broker.connected && !this.#broker.nc.isClosed() && performance.now() < this.#graceEndMs) {
      await this.#broker.whenConnected(RECONNECT_POLL_MS).catch((error: unknown) => {
        if (!(error instanceof RollcallError)) throw error;
      });
    }
  }

  #letGo(delivery: HeldDelivery): void {
    this.#held.delete(delivery);
    this.#puller.release(delivery);
  }

  async #stop(): Promise<void> {
    if (this.#stopping) return;
    this.#stopping = true;
    this.#draining = true;
    const graceMs = this.#crash ? 0 : (this.#options.stopGraceMs ?? STOP_GRACE_MS);
    this.#graceEndMs = performance.now() + graceMs;
    this.#grace = setTimeout(() => this.#giveBackRest(), graceMs);
    this.#batcher.hurry();
    await this.#puller.stop();
    this.#draining = false;
    if (performance.now() >= this.#graceEndMs || this.#crash) this.#giveBackRest();
    this.#batcher.hurry();
  }

  #giveBackRest(): void {
    for (const delivery of this.#batcher.takeRest()) {
      this.#settler.giveBack(delivery);
      this.#letGo(delivery);
      this.#givenBack += 1;
    }
    this.#pump();
  }

  #crashed(error: unknown): void {
    if (this.#crash) return;
    this.#crash = { error };
    this.#emit({ kind: 'crashed', error });
    if (this.#stopping) this.#giveBackRest();
    void this.#stop();
  }

  #stalled(error: RollcallError): void {
    if (error.code === 'nats/topology') this.#tries.clear();
    this.#emit({ kind: 'stalled', error });
  }

  #resumed(): void {
    this.#emit({ kind: 'resumed' });
    void this.#keepAlive();
  }

  /** Tells the broker at a third of its patience (`ack_wait`) that we still work on what we hold. */
  async #keepAlive(): Promise<void> {
    const everyMs = (await this.#ackWaitMs()) / 3;
    if (this.#stopping && this.#active === 0) return;
    clearInterval(this.#heartbeat);
    this.#heartbeat = setInterval(() => {
      const nowMs = performance.now();
      for (const delivery of this.#held) {
        if (nowMs - delivery.heardMs < everyMs / 2 || this.#broker.nc.isClosed()) continue;
        delivery.heardMs = nowMs;
        this.#broker.nc.publish(delivery.reply, '+WPI');
      }
    }, everyMs);
  }

  async #ackWaitMs(): Promise<number> {
    try {
      const info = await this.#broker.jsm.consumers.info(this.#options.stream, this.#options.durable);
      return (info.config.ack_wait ?? DEFAULT_ACK_WAIT_MS * 1_000_000) / 1_000_000;
    } catch (cause) {
      const error = classifyNatsError(cause, 'reading the consumer');
      // Gone or out of reach: the puller reports it, and this is asked again on the way back.
      if (error instanceof RollcallError) return DEFAULT_ACK_WAIT_MS;
      this.#crashed(error);
      return DEFAULT_ACK_WAIT_MS;
    }
  }

  #emit(event: ConsumeEvent): void {
    this.#options.onEvent?.(event);
  }
}
