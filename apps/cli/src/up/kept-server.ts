import { setTimeout as delay } from 'node:timers/promises';
import type { EmbeddedServer } from '@rollcall/embedded';
import { endOf, planRestart, type Restarts } from './restart-plan.js';

export interface KeptServerPorts<S extends EmbeddedServer> {
  /** Starts the server; on a restart with the port it had, because its clients know no other. */
  readonly open: (port: number | undefined) => Promise<S>;
  readonly say: (sentence: string) => void;
}

/** An embedded server that is started again when it ends by itself. */
export class KeptServer<S extends EmbeddedServer> {
  readonly name: string;
  readonly first: S;
  readonly #ports: KeptServerPorts<S>;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #current: S | undefined;

  static async start<S extends EmbeddedServer>(
    name: string,
    port: number | undefined,
    ports: KeptServerPorts<S>,
  ): Promise<KeptServer<S>> {
    return new KeptServer(name, await ports.open(port), ports);
  }

  private constructor(name: string, first: S, ports: KeptServerPorts<S>) {
    this.name = name;
    this.first = first;
    this.#current = first;
    this.#ports = ports;
    this.#loop = this.#keep(first);
  }

  /** Stops it in good order, or at once when `force` is aborted. */
  async stop(force: AbortSignal): Promise<void> {
    this.#stopping.abort();
    const server = this.#current;
    if (server) {
      const kill = (): void => void server.kill();
      force.addEventListener('abort', kill, { once: true });
      await (force.aborted ? server.kill() : server.stop());
      force.removeEventListener('abort', kill);
    }
    await this.#loop;
  }

  async #keep(first: S): Promise<void> {
    let state: Restarts = { tries: 0 };
    let server: S | undefined = first;
    let startedMs = performance.now();
    while (!this.#stopping.signal.aborted) {
      if (server) {
        const { code, signal } = await server.exited;
        this.#current = undefined;
        if (this.#stopping.signal.aborted) return;
        this.#ports.say(`${this.name} ${endOf(code, signal)}`);
      }
      const plan: Restarts & { delayMs: number } = planRestart(state, performance.now() - startedMs, Math.random());
      state = plan;
      await delay(plan.delayMs, undefined, { signal: this.#stopping.signal }).catch(() => undefined);
      if (this.#stopping.signal.aborted) return;
      startedMs = performance.now();
      server = await this.#reopen();
    }
  }

  async #reopen(): Promise<S | undefined> {
    try {
      const server = await this.#ports.open(this.first.port);
      if (server.port === this.first.port && !this.#stopping.signal.aborted) {
        this.#current = server;
        this.#ports.say(`${this.name} runs again`);
        return server;
      }
      await server.stop();
      this.#ports.say(`${this.name} could not get its port ${this.first.port} back; it is tried again`);
    } catch (error) {
      this.#ports.say(
        `${this.name} could not be started again: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    return undefined;
  }
}
