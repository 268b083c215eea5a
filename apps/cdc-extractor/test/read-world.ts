import { parseSource, piiKey, type Dataset, type Source } from '@rollcall/catalog';
import { batchWritten, runRequest, type BatchWritten, type RunRequest } from '@rollcall/contracts';
import { systemClock, type Clock } from '@rollcall/kernel';
import { openStore, type ObjectStore } from '@rollcall/lake';
import { createLogger, createMetrics, Effects, Secret } from '@rollcall/service';
import { connectSource } from '@rollcall/source-postgres';
import { testDatabase, testFolder, until, type TestDatabase, type TestFolder } from '@rollcall/testkit';
import pg from 'pg';
import type { EffectHook, ExtractEffect } from '../src/effects.js';
import { extractEvents, type ExtractEvents, type Holder } from '../src/events.js';
import { readDataset } from '../src/runs/read-dataset.js';
import { APPLICATION_NAME, type SourceContext } from '../src/source-context.js';
import { CursorDoc, type Standing } from '../src/state/cursor-doc.js';
import type { Landed } from '../src/watermark/run-watermark.js';
import { mergeBatches, readBatches, withoutMeta, type ReadBatch, type Row } from './merged-lake.js';

export interface RunOptions {
  readonly mode?: RunRequest['mode'];
  readonly runId?: string;
  readonly attempt?: number;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly onEffect?: EffectHook;
  readonly clock?: Clock;
  /** Instead of the test's own server and user. */
  readonly url?: string;
}

/** A source database and a lake, and runs over datasets of capture `full` and `watermark`. */
export class ReadWorld implements AsyncDisposable {
  readonly announced: BatchWritten[] = [];
  readonly stalls: { readonly seconds: number; readonly holders: readonly Holder[] }[] = [];
  readonly #others: pg.Client[] = [];
  #runs = 0;

  private constructor(
    readonly database: TestDatabase,
    readonly folder: TestFolder,
    readonly lake: ObjectStore,
    readonly client: pg.Client,
  ) {}

  static async make(...ddl: readonly string[]): Promise<ReadWorld> {
    const database = await testDatabase();
    const folder = await testFolder();
    const client = new pg.Client({ connectionString: database.url });
    client.on('error', () => undefined);
    await client.connect();
    for (const statement of ddl) await client.query(statement);
    return new ReadWorld(database, folder, await openStore({ url: `${folder.url}/lake` }), client);
  }

  /** Another session of the application. */
  async session(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.database.url });
    client.on('error', () => undefined);
    await client.connect();
    this.#others.push(client);
    return client;
  }

  /** `yaml`: what stands under the name of the dataset. */
  dataset(name: string, yaml: string): { readonly source: Source; readonly dataset: Dataset } {
    const lines = ['source: shop', 'kind: postgres', 'connection: SHOP_URL', 'datasets:', `  ${name}: { ${yaml} }`];
    const { source, faults } = parseSource(lines.join('\n'), 'shop.yaml');
    const [dataset] = source?.datasets ?? [];
    if (!source || !dataset) throw new Error(JSON.stringify(faults));
    return { source, dataset };
  }

  context(source: Source, { onEffect, clock = systemClock, url = this.database.url }: RunOptions = {}): SourceContext {
    const { signal } = new AbortController();
    const log = createLogger({ name: 'read', level: process.env['LOG_LEVEL'] ?? 'silent' });
    const events: ExtractEvents = {
      ...extractEvents(log, createMetrics('read')),
      limitStalled: (_dataset, seconds, holders) => void this.stalls.push({ seconds, holders }),
    };
    return {
      source,
      url: () => new Secret(url),
      connect: (options = {}) =>
        connectSource(url, { applicationName: APPLICATION_NAME, signal: options.signal ?? signal }),
      lake: this.lake,
      broker: {
        publish: async (_contract, message) => {
          this.announced.push(batchWritten.schema.parse(message));
          return { duplicate: false, sequence: this.announced.length };
        },
      },
      effects: new Effects<ExtractEffect>(onEffect),
      clock,
      owner: 'test',
      leaseMs: 3_000,
      readConnections: 2,
      signal,
      events,
      piiKey: piiKey('a key for tests'),
    };
  }

  /** One run, from its beginning to its end. */
  async run({ source, dataset }: ReturnType<ReadWorld['dataset']>, options: RunOptions = {}): Promise<Landed> {
    const { runId = `run-${(this.#runs += 1)}`, attempt = 1, mode, from, to, dryRun } = options;
    const request = runRequest.parse({
      runId,
      source: source.source,
      requestedBy: 'test',
      requestedAt: '2026-11-28T00:00:00Z',
      mode,
      from,
      to,
      dryRun,
    });
    const { signal } = new AbortController();
    return await readDataset(this.context(source, options), dataset, request, { attempt, signal });
  }

  /** Runs until nothing is read any more: other databases of the server may hold a safe point back for a moment. */
  async settle(target: ReturnType<ReadWorld['dataset']>): Promise<void> {
    const isQuiet = async (): Promise<boolean> => {
      const { rows, batches } = await this.run(target);
      return rows === 0 && batches === 0;
    };
    await until(isQuiet, { what: `${target.dataset.name} to be read up to its end` });
  }

  async standing(source: Source, dataset: Dataset): Promise<Standing> {
    return (await CursorDoc.open(this.context(source), dataset)).standing;
  }

  async batches(dataset: string): Promise<ReadBatch[]> {
    return readBatches(this.lake, dataset);
  }

  /** What the lake says that the dataset is: columns as text. */
  async merged(dataset: string, key: readonly string[] = ['id']): Promise<Row[]> {
    return sorted(mergeBatches(await this.batches(dataset), key).map(withoutMeta));
  }

  /** What the source says. Every column as its text; times as the lake writes them. */
  async table(table: string): Promise<Row[]> {
    const { rows } = await this.client.query<{ row: Row }>(
      `SELECT (SELECT jsonb_object_agg(key, value #>> '{}') FROM jsonb_each(to_jsonb(t))) AS row FROM ${table} t`,
    );
    return sorted(rows.map(({ row }) => row));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of [...this.#others, this.client]) await client.end().catch(() => undefined);
    await this.database.drop();
    await this.folder.remove();
  }
}

/** Dies when a point is passed for the n-th time, and in everything that comes after. */
export function dieAt(point: string, n = 1): EffectHook {
  let left = n;
  let dead = false;
  return (passed) => {
    dead ||= passed === point && --left === 0;
    if (dead) throw new Error(`died at ${point}`);
  };
}

export function sorted(rows: readonly Row[]): Row[] {
  const text = (row: Row): string => JSON.stringify(Object.entries(row).sort(([a], [b]) => (a < b ? -1 : 1)));
  return [...rows].sort((a, b) => (text(a) < text(b) ? -1 : 1));
}
