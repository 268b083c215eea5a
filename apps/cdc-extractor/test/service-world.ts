import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runFinished, runRequested, type RunFinished, type RunRequest } from '@rollcall/contracts';
import { openStore, type ObjectStore } from '@rollcall/lake';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { BROKER, createLogger, startService, type RunningService } from '@rollcall/service';
import {
  testDatabase,
  testFolder,
  testNats,
  until,
  type TestDatabase,
  type TestFolder,
  type TestNats,
} from '@rollcall/testkit';
import pg from 'pg';
import { loadConfig } from '../src/config.js';
import type { EffectHook } from '../src/effects.js';
import { startExtractor } from '../src/start-extractor.js';

/** A broker, a lake, a source and a catalog; extractors are started on them and may die. */
export class ServiceWorld implements AsyncDisposable {
  readonly #running = new Set<RunningService>();

  private constructor(
    readonly nats: TestNats,
    readonly folder: TestFolder,
    readonly broker: Broker,
    readonly lake: ObjectStore,
    readonly database: TestDatabase,
    readonly client: pg.Client,
  ) {}

  static async make(...ddl: readonly string[]): Promise<ServiceWorld> {
    const nats = await testNats();
    const folder = await testFolder();
    const broker = await connectBroker({ url: nats.url, name: 'test' });
    await applyTopology(broker);
    const database = await testDatabase();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    for (const statement of ddl) await client.query(statement);
    return new ServiceWorld(nats, folder, broker, await openStore({ url: `${folder.url}/lake` }), database, client);
  }

  /** Writes a file of the catalog. */
  async catalog(name: string, ...lines: readonly string[]): Promise<void> {
    const dir = join(this.folder.path, 'catalog');
    await mkdir(dir, { recursive: true });
    await writeFile(join(dir, `${name}.yaml`), `${lines.join('\n')}\n`);
  }

  async start(env: Readonly<Record<string, string>> = {}, onEffect?: EffectHook): Promise<RunningService> {
    const all = {
      NATS_URL: this.nats.url,
      LAKE_URL: `${this.folder.url}/lake`,
      CATALOG_DIR: join(this.folder.path, 'catalog'),
      SHOP_URL: this.database.url,
      PORT: '0',
      LEASE_SECONDS: '1',
      EXAMINE_SECONDS: '0.2',
      ...env,
    };
    const log = createLogger({ name: 'cdc-extractor', level: process.env['LOG_LEVEL'] ?? 'silent' });
    const start = (host: Parameters<typeof startExtractor>[0]) => startExtractor(host, loadConfig(all), all, onEffect);
    const service = await startService({ name: 'cdc-extractor', log, start });
    this.#running.add(service);
    await service.consuming;
    return service;
  }

  async stop(service: RunningService): Promise<void> {
    this.#running.delete(service);
    await service.stop();
  }

  /** Cuts a service off as `kill -9` would. For services that hang in an effect. */
  async kill(service: RunningService): Promise<void> {
    this.#running.delete(service);
    await service.app.get<Broker>(BROKER).close();
    void service.stop();
  }

  /** Lets the broker deliver again what was not acknowledged, as it would once `ack_wait` is over. */
  async forgetDeliveries(): Promise<void> {
    await this.broker.jsm.consumers.delete('RUNS', 'cdc-extractor-runs');
    await applyTopology(this.broker);
  }

  async request(runId: string, more: Partial<RunRequest> = {}): Promise<void> {
    const request = { runId, source: 'shop', requestedBy: 'test', requestedAt: '2026-11-28T00:00:00Z', ...more };
    await this.broker.publish(runRequested('postgres'), request);
  }

  async finishedRuns(): Promise<RunFinished[]> {
    const { state } = await this.broker.jsm.streams.info('RUNLOG');
    const runs: RunFinished[] = [];
    for (let seq = 1; seq <= state.last_seq; seq += 1) {
      const message = await this.broker.jsm.streams.getMessage('RUNLOG', { seq });
      if (message) runs.push(runFinished.schema.parse(message.json()));
    }
    return runs;
  }

  async finished(wanted: (run: RunFinished) => boolean): Promise<RunFinished> {
    return until(async () => (await this.finishedRuns()).find(wanted), {
      what: 'the run to be finished',
      timeoutMs: 30_000,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map((service) => this.stop(service)));
    await this.client.end().catch(() => undefined);
    await this.broker.close();
    await this.nats[Symbol.asyncDispose]();
    await this.database.drop();
    await this.folder.remove();
  }
}
