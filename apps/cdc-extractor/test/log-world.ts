import { parseSource, piiKey, type Source } from '@rollcall/catalog';
import { type BatchWritten } from '@rollcall/contracts';
import { systemClock } from '@rollcall/kernel';
import { openStore, type ObjectStore } from '@rollcall/lake';
import { createLogger, createMetrics, Effects, Secret } from '@rollcall/service';
import { connectSource } from '@rollcall/source-postgres';
import { testDatabase, testFolder, until, type TestDatabase, type TestFolder } from '@rollcall/testkit';
import pg from 'pg';
import { type EffectHook, type ExtractEffect } from '../src/effects.js';
import { extractEvents } from '../src/events.js';
import { LogCapture, type LogLimits } from '../src/log/log-capture.js';
import { APPLICATION_NAME, type SourceContext } from '../src/source-context.js';
import { mergeBatches, readBatches, withoutMeta, type ReadBatch, type Row } from './merged-lake.js';

export interface CaptureOptions {
  readonly onEffect?: EffectHook;
  readonly limits?: Partial<LogLimits>;
  /** Another way to the lake than the world's own. */
  readonly lake?: ObjectStore;
}

/** A source database, a lake, and captures of its log that start, die and start again on them. */
export class LogWorld implements AsyncDisposable {
  readonly announced: BatchWritten[] = [];
  readonly #running = new Set<RunningCapture>();

  private constructor(
    readonly database: TestDatabase,
    readonly folder: TestFolder,
    readonly lake: ObjectStore,
    readonly client: pg.Client,
  ) {}

  static async make(...ddl: readonly string[]): Promise<LogWorld> {
    const database = await testDatabase();
    const folder = await testFolder();
    const client = await LogWorld.connect(database.url);
    for (const statement of ddl) await client.query(statement);
    return new LogWorld(database, folder, await openStore({ url: `${folder.url}/lake` }), client);
  }

  static async connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** The names of slots are the server's, so each database has its own. */
  get slot(): string {
    return `slot_${this.database.name}`;
  }

  /** A catalog of these datasets, each given as its YAML below the name. */
  source(datasets: Readonly<Record<string, string>>, log = ''): Source {
    const lines = [
      'source: shop',
      'kind: postgres',
      'connection: SHOP_URL',
      `log: { slot: ${this.slot}, publication: ${this.slot}${log} }`,
      'datasets:',
      ...Object.entries(datasets).map(
        ([name, yaml]) =>
          `  ${name}: { capture: { mode: log }, ${yaml.includes('flush') ? '' : 'flush: { seconds: 0.2, rows: 50000, bytes: 32MB }, '}${yaml} }`,
      ),
    ];
    const { source, faults } = parseSource(lines.join('\n'), 'shop.yaml');
    if (!source) throw new Error(JSON.stringify(faults));
    return source;
  }

  context(source: Source, signal: AbortSignal, onEffect?: EffectHook): SourceContext {
    const { url } = this.database;
    return {
      source,
      url: () => new Secret(url),
      connect: (options = {}) =>
        connectSource(url, {
          applicationName: APPLICATION_NAME,
          signal: options.signal ?? signal,
          ...(options.replication && { replication: options.replication }),
        }),
      lake: this.lake,
      broker: {
        publish: async (_contract: unknown, message: unknown) => {
          this.announced.push(message as BatchWritten);
        },
      } as unknown as SourceContext['broker'],
      effects: new Effects<ExtractEffect>(onEffect),
      clock: systemClock,
      owner: `test-${Math.random()}`,
      leaseMs: 3_000,
      readConnections: 2,
      signal,
      events: extractEvents(
        createLogger({ name: 'log', level: process.env['LOG_LEVEL'] ?? 'silent' }),
        createMetrics('log'),
      ),
      piiKey: piiKey('a key for tests'),
    };
  }

  /** Captures the log in the background. `onEffect` may throw: then the capture is dead, as a process is. */
  start(source: Source, options: CaptureOptions = {}): RunningCapture {
    const running = new RunningCapture(this, source, options);
    this.#running.add(running);
    return running;
  }

  /** Waits until something more is announced, or the capture is dead; not for ever: it may have nothing to land. */
  async untilLanding(running: RunningCapture): Promise<void> {
    const { length } = this.announced;
    const options = { what: 'a batch', timeoutMs: 1_500 };
    await until(() => running.isDead || this.announced.length > length, options).catch(() => undefined);
  }

  async batches(dataset: string): Promise<ReadBatch[]> {
    return readBatches(this.lake, dataset);
  }

  /** What the lake says that the dataset is. */
  async merged(dataset: string, key: readonly string[] = ['id']): Promise<Row[]> {
    return sorted(mergeBatches(await this.batches(dataset), key).map(withoutMeta));
  }

  /** What the source says, all columns as text. */
  async table(table: string): Promise<Row[]> {
    const { rows } = await this.client.query<{ row: Record<string, unknown> }>(
      `SELECT to_jsonb(t) AS row FROM ${table} t`,
    );
    return sorted(
      rows.map(({ row }) =>
        Object.fromEntries(Object.entries(row).map(([n, v]) => [n, v === null ? null : String(v)])),
      ),
    );
  }

  /** Waits until the lake tells what the source does. Columns that only one of them has count as NULL. */
  async untilSame(dataset: string, key: readonly string[] = ['id'], table = dataset): Promise<Row[]> {
    const { rows } = await this.client.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
    return until(
      async () => {
        const [lake, source] = [await this.merged(dataset, key), await this.table(table)];
        if (text(lake) === text(source)) return lake;
        throw new Error(
          `the lake has ${lake.length} rows and the source ${source.length}: ${difference(lake, source)}`,
        );
      },
      { what: `${dataset} as ${table} is at ${rows[0]?.lsn}`, timeoutMs: 20_000, everyMs: 100 },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const running of this.#running) await running.stop().catch(() => undefined);
    await this.client.query('ROLLBACK');
    const mine = 'SELECT slot_name, active_pid FROM pg_replication_slots WHERE database = current_database()';
    await until(
      async () => {
        const { rows } = await this.client.query<{ slot_name: string; active_pid: number | null }>(mine);
        for (const { slot_name: name, active_pid: pid } of rows)
          await this.client.query(
            pid === null ? 'SELECT pg_drop_replication_slot($1)' : 'SELECT pg_terminate_backend($1)',
            [pid ?? name],
          );
        return rows.length === 0;
      },
      { what: 'slots to be gone' },
    );
    await this.client.end();
    await this.database.drop();
    await this.folder.remove();
  }
}

export class RunningCapture {
  readonly capture: LogCapture;
  readonly context: SourceContext;
  /** Settles when it has stopped; rejects when it died. */
  readonly ended: Promise<void>;
  readonly #stop = new AbortController();
  #death: Error | undefined;

  constructor(world: LogWorld, source: Source, { onEffect, limits, lake }: CaptureOptions) {
    const hook: EffectHook = async (point) => {
      if (this.#death) throw this.#death;
      try {
        await onEffect?.(point);
      } catch (error) {
        this.#death = error as Error;
        throw error;
      }
    };
    this.context = { ...world.context(source, this.#stop.signal, hook), ...(lake && { lake }) };
    this.capture = new LogCapture(this.context, { idleConfirmMs: 500, watchMs: 500, ...limits });
    this.ended = this.capture.run();
    this.ended.catch(() => undefined);
  }

  get isDead(): boolean {
    return this.#death !== undefined;
  }

  async untilStreaming(): Promise<void> {
    await until(() => this.capture.phase === 'streaming', { what: `streaming, not ${this.capture.phase}` });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.ended;
  }
}

/** Dies when a point is passed for the n-th time. */
export function dieAt(wanted: string, n = 1): EffectHook {
  let left = n;
  return (point) => {
    if (point === wanted && (left -= 1) === 0) throw new Error(`died at ${wanted}`);
  };
}

function sorted(rows: readonly Row[]): Row[] {
  return rows.map(present).sort((a, b) => (text([a]) < text([b]) ? -1 : 1));
}

function present(row: Row): Row {
  return Object.fromEntries(
    Object.entries(row)
      .filter(([, value]) => value !== null)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function text(rows: readonly Row[]): string {
  return JSON.stringify(rows);
}

function difference(lake: readonly Row[], source: readonly Row[]): string {
  const at = lake.findIndex((row, i) => text([row]) !== text([source[i] ?? {}]));
  return `${text(lake.slice(at, at + 1))} / ${text(source.slice(Math.max(at, 0), Math.max(at, 0) + 1))}`.slice(0, 500);
}
