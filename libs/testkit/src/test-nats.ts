import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startNats, type NatsOptions, type NatsServer } from '@rollcall/embedded';
import { testFolder } from './test-folder.js';

/** A nats-server of one test's own. Its URL stays the same over restarts. Disposing stops it and removes its store. */
export interface TestNats extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly version: string;
  /** Stops it in good order; the store stays. */
  stop(): Promise<void>;
  /** Ends it as a crash would; the store stays. */
  kill(): Promise<void>;
  /** Stops it when it runs, and starts it again on the same port and store. */
  restart(): Promise<void>;
  /** Stops it when it runs and deletes its store: what a lost disk looks like after the next `restart()`. */
  wipe(): Promise<void>;
}

/** Starts a nats-server with JetStream on a free port of loopback. */
export async function testNats(options: Omit<NatsOptions, 'dir'> = {}): Promise<TestNats> {
  const folder = await testFolder();
  const dir = folder.path;
  const start = (port?: number): Promise<NatsServer> =>
    startNats({ ...options, dir, ...(port === undefined ? {} : { port }) });
  let server = await start(options.port);
  const { url, port, version } = server;
  async function restart(): Promise<void> {
    await server.stop();
    server = await start(port);
    if (server.port !== port) throw new Error(`port ${port} was taken while nats-server was down`);
  }
  return {
    url,
    port,
    version,
    restart,
    stop: () => server.stop(),
    kill: () => server.kill(),
    async wipe() {
      await server.stop();
      await rm(join(dir, 'jetstream'), { recursive: true, force: true });
    },
    async [Symbol.asyncDispose]() {
      await server.stop(5_000);
      await folder.remove();
    },
  };
}
