import type { NatsConnection } from '@nats-io/transport-node';
import { RollcallError } from '@rollcall/kernel';

/** Knows whether the line is up at the moment, and wakes those who wait for it. */
export class LiveConnection {
  readonly #nc: NatsConnection;
  readonly #place: string;
  readonly #waiters = new Set<() => void>();
  readonly #listeners = new Set<() => void>();
  #connected = true;

  constructor(nc: NatsConnection, place: string) {
    this.#nc = nc;
    this.#place = place;
    void this.#follow();
  }

  get connected(): boolean {
    return this.#connected && !this.#nc.isClosed();
  }

  /** Returns when the line is up. Throws nats/unavailable after `timeoutMs`, or when the connection was closed for good. */
  async whenConnected(timeoutMs: number): Promise<void> {
    if (this.connected) return;
    if (!this.#nc.isClosed()) {
      await new Promise<void>((resolve) => {
        const wake = (): void => {
          clearTimeout(timer);
          this.#waiters.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, timeoutMs);
        this.#waiters.add(wake);
      });
    }
    if (!this.connected) throw new RollcallError('nats/unavailable', `nats-server at ${this.#place} is not connected`);
  }

  /** Calls `listener` after every reconnection, until disposed. */
  onReconnect(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  async #follow(): Promise<void> {
    for await (const status of this.#nc.status()) {
      if (status.type === 'disconnect') this.#connected = false;
      if (status.type !== 'reconnect') continue;
      this.#connected = true;
      this.#wake();
      for (const listener of this.#listeners) listener();
    }
    this.#connected = false;
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiters) wake();
  }
}
