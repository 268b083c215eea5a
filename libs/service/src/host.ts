import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { connectBroker, type Broker } from '@rollcall/messaging';
import type { Registry } from 'prom-client';
import type { Logger } from './logger.js';
import type { Secret } from './secret.js';
import type { ShutdownPhase } from './shutdown.js';

/** What `natsSettings` reads. */
export interface NatsAccess {
  readonly NATS_URL: Secret;
  readonly NATS_USER?: string | undefined;
  readonly NATS_PASSWORD?: Secret | undefined;
  readonly NATS_TOKEN?: Secret | undefined;
}

/** What a service gets from the process it runs in, before its own parts exist. */
export interface Host {
  readonly name: string;
  /** Of this process alone, for leases: host, pid and a random part. */
  readonly owner: string;
  readonly log: Logger;
  readonly metrics: Registry;
  /** Aborted when the service is to stop. */
  readonly signal: AbortSignal;
  /** Connects to the broker; drained at the end of the shutdown. Throws what `connectBroker` throws. */
  connect(nats: NatsAccess): Promise<Broker>;
  /**
   * Work to be finished when the service stops, while HTTP, broker and pools still stand; all such work, and what the consumers have in
   * hand, is finished at the same time. `work` may run for `limitMs` (20,000).
   */
  finishFirst(name: string, work: () => Promise<void>, limitMs?: number): void;
  /** Work that goes on until the service stops, and is then waited for as by `finishFirst`. What it throws ends the service. */
  background(name: string, work: () => Promise<void>): void;
  /** Pools and files: closed last, the youngest first. */
  closeLast(name: string, close: () => Promise<void>): void;
  /** Something in the background failed for good: the service shuts down and the process exits non-zero. */
  fail(error: unknown): void;
}

const FINISH_LIMIT_MS = 20_000;
const CLOSE_LIMIT_MS = 5_000;

export class ServiceHost implements Host {
  readonly name: string;
  readonly owner = `${hostname()}:${process.pid}:${randomBytes(4).toString('hex')}`;
  readonly log: Logger;
  readonly metrics: Registry;
  readonly #stop = new AbortController();
  readonly #failed = Promise.withResolvers<unknown>();
  readonly #finishers: ShutdownPhase[] = [];
  readonly #brokers: ShutdownPhase[] = [];
  readonly #closers: ShutdownPhase[] = [];

  constructor(name: string, log: Logger, metrics: Registry) {
    this.name = name;
    this.log = log;
    this.metrics = metrics;
  }

  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Resolves with the error of the first `fail`. */
  get failed(): Promise<unknown> {
    return this.#failed.promise;
  }

  async connect(nats: NatsAccess): Promise<Broker> {
    const broker = await connectBroker({
      url: nats.NATS_URL.reveal(),
      name: this.name,
      user: nats.NATS_USER,
      password: nats.NATS_PASSWORD?.reveal(),
      token: nats.NATS_TOKEN?.reveal(),
    });
    this.#brokers.push({ name: 'drain the broker', limitMs: CLOSE_LIMIT_MS, run: () => broker.drain() });
    return broker;
  }

  finishFirst(name: string, work: () => Promise<void>, limitMs = FINISH_LIMIT_MS): void {
    this.#finishers.push({ name, limitMs, run: work });
  }

  background(name: string, work: () => Promise<void>): void {
    const working = work().catch((error: unknown) => this.fail(error));
    this.finishFirst(name, () => working);
  }

  closeLast(name: string, close: () => Promise<void>): void {
    this.#closers.unshift({ name, limitMs: CLOSE_LIMIT_MS, run: close });
  }

  fail(error: unknown): void {
    this.#failed.resolve(error);
  }

  /** Tells everybody that the end has begun. */
  beginStop(): void {
    this.#stop.abort();
  }

  /** In order: work in hand; then `afterWork` (HTTP, telemetry); then the broker; then what is closed last. */
  phases(afterWork: readonly ShutdownPhase[]): readonly (readonly ShutdownPhase[])[] {
    return [this.#finishers, ...[...afterWork, ...this.#brokers, ...this.#closers].map((phase) => [phase])];
  }
}
