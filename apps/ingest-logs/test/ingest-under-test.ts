import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Value } from '@rollcall/catalog';
import { batchWritten, type BatchWritten } from '@rollcall/contracts';
import { fetchBatch, openBatch, openStore, scanBatches, type ObjectStore } from '@rollcall/lake';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { BROKER, createLogger, startService, type RunningService } from '@rollcall/service';
import { testFolder, testNats, type TestFolder, type TestNats } from '@rollcall/testkit';
import { loadConfig } from '../src/config.js';
import type { EffectHook } from '../src/effects.js';
import { startIngest } from '../src/start-ingest.js';

export const CATALOG_DIR = fileURLToPath(new URL('../../../catalog', import.meta.url));
export const QUARANTINE_KEY = 'a key for tests';

export type LakeRow = Readonly<Record<string, Value>>;

/** A broker with its topology, a lake and a drop folder; services are started on them and may die. */
export class IngestWorld implements AsyncDisposable {
  readonly nats: TestNats;
  readonly folder: TestFolder;
  readonly broker: Broker;
  readonly lake: ObjectStore;
  readonly #running = new Set<RunningService>();

  private constructor(nats: TestNats, folder: TestFolder, broker: Broker, lake: ObjectStore) {
    this.nats = nats;
    this.folder = folder;
    this.broker = broker;
    this.lake = lake;
  }

  static async make(): Promise<IngestWorld> {
    const nats = await testNats();
    const folder = await testFolder();
    const broker = await connectBroker({ url: nats.url, name: 'test' });
    await applyTopology(broker);
    return new IngestWorld(nats, folder, broker, await openStore({ url: `${folder.url}/lake` }));
  }

  /** Starts the service inside this process; it consumes when this returns. */
  async start(env: Readonly<Record<string, string>> = {}, onEffect?: EffectHook): Promise<RunningService> {
    const config = loadConfig({
      NATS_URL: this.nats.url,
      LAKE_URL: `${this.folder.url}/lake`,
      DROPS_URL: `${this.folder.url}/drops`,
      DROPS_POLL_SECONDS: '0.05',
      CATALOG_DIR,
      QUARANTINE_KEY,
      PORT: '0',
      ...env,
    });
    const log = createLogger({ name: 'ingest-logs', level: process.env['LOG_LEVEL'] ?? 'silent' });
    const service = await startService({
      name: 'ingest-logs',
      log,
      start: (host) => startIngest(host, config, onEffect),
    });
    this.#running.add(service);
    await service.consuming;
    return service;
  }

  async stop(service: RunningService): Promise<void> {
    this.#running.delete(service);
    await service.stop();
  }

  /** A catalog whose batches are small, so that little data makes several. */
  async smallBatches(): Promise<string> {
    const dir = join(this.folder.path, 'catalog');
    await mkdir(dir, { recursive: true });
    for (const file of ['answers.yaml', 'app-events.yaml']) {
      const text = await readFile(join(CATALOG_DIR, file), 'utf8');
      const small = text
        .replace(/^ +flush:.*\n/m, '')
        .replace(/^( +)zone: UTC\n/m, '$1zone: UTC\n$1flush: { seconds: 1, rows: 50, bytes: 1MB }\n');
      await writeFile(join(dir, file), small);
    }
    return dir;
  }

  /** Drops a file whole, as a careful writer does. */
  async drop(key: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.folder.path, 'drops', key);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.part`, content);
    await rename(`${path}.part`, path);
  }

  /** Cuts a service off as `kill -9` would: nothing of it reaches the broker any more. For services that hang in an effect. */
  async kill(service: RunningService): Promise<void> {
    this.#running.delete(service);
    await service.app.get<Broker>(BROKER).close();
    void service.stop();
  }

  /** Lets the broker deliver again what was delivered and not acknowledged, as it would once `ack_wait` is over. */
  async forgetDeliveries(): Promise<void> {
    await this.broker.jsm.consumers.delete('EVENTS', 'ingest-logs-events');
    await this.broker.jsm.consumers.delete('RUNS', 'ingest-logs-runs');
    await applyTopology(this.broker);
  }

  /** Every batch that stands in the lake. */
  async batches(dataset: string): Promise<BatchWritten[]> {
    const found: BatchWritten[] = [];
    for await (const batch of scanBatches(this.lake, { dataset })) found.push(batch);
    return found;
  }

  /** The rows of all announced batches of a lane, as often as they stand there. */
  async rows(dataset: string, lane: 'rows' | 'rejected' = 'rows'): Promise<LakeRow[]> {
    const announced = new Set(await this.announced());
    const rows: LakeRow[] = [];
    for (const batch of await this.batches(dataset)) {
      if (batch.lane !== lane || !announced.has(batch.batchId)) continue;
      const { groups } = await openBatch(await fetchBatch(this.lake, batch));
      for await (const { rowCount, columns } of groups()) {
        for (let i = 0; i < rowCount; i++)
          rows.push(Object.fromEntries(columns.map((c) => [c.name, c.values[i] ?? null])));
      }
    }
    return rows;
  }

  /** What a warehouse makes of the rows: of each key the one with the highest position. */
  async current(dataset: string, key: (row: LakeRow) => string): Promise<Map<string, LakeRow>> {
    const newest = new Map<string, LakeRow>();
    for (const row of await this.rows(dataset)) {
      const before = newest.get(key(row));
      if (!before || String(row['_position']) > String(before['_position'])) newest.set(key(row), row);
    }
    return newest;
  }

  /** Ids of the batches announced so far, as often as they were. */
  async announced(): Promise<string[]> {
    const { state } = await this.broker.jsm.streams.info('LAKE');
    const ids: string[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
      const message = await this.broker.jsm.streams.getMessage('LAKE', { seq });
      if (message) ids.push(batchWritten.schema.parse(message.json()).batchId);
    }
    return ids;
  }

  async stopAll(): Promise<void> {
    await Promise.all([...this.#running].map((service) => this.stop(service)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopAll();
    await this.broker.close();
    await this.nats[Symbol.asyncDispose]();
    await this.folder.remove();
  }
}
