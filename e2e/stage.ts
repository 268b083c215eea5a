import pg from 'pg';
import {
  startPlatform,
  testDatabase,
  testFolder,
  testNats,
  until,
  type Platform,
  type TestDatabase,
  type TestNats,
} from '@rollcall/testkit';
import { CONSUMERS } from '@rollcall/contracts';
import { connectBroker, consumerLag } from '@rollcall/messaging';
import { openWarehouse, warehouseDigest } from '@rollcall/warehouse';

/** A platform over services of its own, with what an end-to-end test asks of it. */
export interface Stage extends AsyncDisposable {
  readonly platform: Platform;
  readonly nats: TestNats;
  readonly database: TestDatabase;
  readonly dir: string;
  rows<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  count(text: string): Promise<number>;
  /** Waits until a count in the warehouse is reached; says how far it came when not. */
  reaches(text: string, wanted: number, timeoutMs?: number): Promise<void>;
  /** Waits until every announced batch is in the ledger and nothing is pending on the bus. */
  settled(): Promise<void>;
  /** Events on the bus that are not in the lake yet. */
  unlanded(): Promise<number>;
  /** Rebuilds a second, empty warehouse from the lake alone and compares: the oracle of every fault test. */
  differences(): Promise<readonly string[]>;
}

export async function openStage(env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const folder = await testFolder();
  const nats = await testNats();
  const database = await testDatabase();
  const platform = await startPlatform({ natsUrl: nats.url, warehouseUrl: database.url, dir: folder.path, env });
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  pool.on('error', () => undefined);
  const rows = async <R extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[] = [],
  ): Promise<readonly R[]> => (await pool.query<R>(text, [...values])).rows;
  const count = async (text: string): Promise<number> =>
    Number((await rows<{ n: string }>(`SELECT count(*) AS n ${text}`))[0]?.n);
  return {
    platform,
    nats,
    database,
    dir: folder.path,
    rows,
    count,
    async reaches(text, wanted, timeoutMs = 60_000) {
      let seen = -1;
      await until(async () => (seen = await count(text)) >= wanted, {
        what: `${wanted} rows ${text}`,
        timeoutMs,
        everyMs: 100,
      }).catch((cause: unknown) => {
        throw new Error(`saw ${seen} of ${wanted} rows ${text}\n${tails(platform)}`, { cause });
      });
    },
    async settled() {
      await until(async () => (await pending(nats.url)) === 0, {
        what: 'an empty bus',
        timeoutMs: 60_000,
        everyMs: 200,
      });
    },
    unlanded: () => pending(nats.url, ['ingest-logs-events']),
    async differences() {
      await using rebuilt = await testDatabase();
      await using again = await startPlatform({ natsUrl: nats.url, warehouseUrl: rebuilt.url, dir: folder.path, env });
      await again.rollcall('rebuild', '--yes');
      const [live, quiet] = await Promise.all([database.url, rebuilt.url].map(digestOf));
      const parts = new Set([...Object.keys(live ?? {}), ...Object.keys(quiet ?? {})]);
      return [...parts].filter((part) => live?.[part] !== quiet?.[part]);
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await nats[Symbol.asyncDispose]();
      await database.drop();
      await folder.remove();
    },
  };
}

/** Starts the services that land and load. */
export async function startBoth(stage: Stage): Promise<void> {
  await Promise.all([stage.platform.start('ingest-logs'), stage.platform.start('warehouse-loader')]);
}

async function pending(url: string, durables = ['ingest-logs-events', 'loader-batches']): Promise<number> {
  await using broker = await connectBroker({ url, name: 'e2e' });
  let sum = 0;
  for (const { stream, durable } of CONSUMERS.filter((spec) => durables.includes(spec.durable))) {
    const lag = await consumerLag(broker, stream, durable);
    sum += lag.pending + lag.ackPending;
  }
  return sum;
}

async function digestOf(url: string): Promise<Readonly<Record<string, string>>> {
  await using warehouse = openWarehouse(url);
  return await warehouseDigest(warehouse);
}

function tails(platform: Platform): string {
  return (['cdc-extractor', 'ingest-logs', 'warehouse-loader', 'reporting'] as const)
    .map((name) => {
      try {
        return `${name}:\n${platform.service(name).lines.slice(-12).join('\n')}`;
      } catch {
        return `${name} was not started`;
      }
    })
    .join('\n');
}
