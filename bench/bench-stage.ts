import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { startNats, startPostgres } from '@rollcall/embedded';
import { startPlatform, testFolder, type Platform, type ServiceName } from '@rollcall/testkit';
import pg from 'pg';

/** Services of their own, with durable settings: the figures are of what users run. */
export interface BenchStage extends AsyncDisposable {
  readonly platform: Platform;
  readonly warehouseUrl: string;
  readonly natsUrl: string;
  readonly pool: pg.Pool;
  readonly dir: string;
  count(text: string): Promise<number>;
  /** Waits until a count is reached, looking every 50 ms. */
  reaches(text: string, wanted: number): Promise<void>;
  /** Peak resident memory of a service in MiB. */
  peakMiB(name: ServiceName): Promise<number>;
}

/** @param catalog a catalog file of the benchmark's own; absent: the shipped catalog. @param env settings on top */
export async function openBenchStage(
  catalog?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<BenchStage> {
  const folder = await testFolder();
  const catalogDir = `${folder.path}/catalog`;
  if (catalog !== undefined) {
    await mkdir(catalogDir);
    await writeFile(`${catalogDir}/bench.yaml`, catalog);
  }
  const nats = await startNats({ dir: `${folder.path}/nats` });
  const postgres = await startPostgres({
    dir: `${folder.path}/postgres`,
    databases: ['warehouse'],
    // As a server that has been running for long: its log is written into segments that are there already.
    settings: { shared_buffers: '2GB', max_wal_size: '4GB', min_wal_size: '4GB' },
  });
  const url = new URL(postgres.url);
  url.pathname = '/warehouse';
  const platform = await startPlatform({
    natsUrl: nats.url,
    warehouseUrl: url.href,
    dir: folder.path,
    env,
    ...(catalog !== undefined && { catalogDir }),
  });
  const pool = new pg.Pool({ connectionString: url.href, max: 2 });
  pool.on('error', () => undefined);
  const count = async (text: string): Promise<number> =>
    Number((await pool.query<{ n: string }>(text)).rows[0]?.n ?? 0);
  return {
    platform,
    warehouseUrl: url.href,
    natsUrl: nats.url,
    pool,
    dir: folder.path,
    count,
    async reaches(text, wanted) {
      const end = performance.now() + 300_000;
      while ((await count(text)) < wanted) {
        if (performance.now() > end) throw new Error(`gave up at ${await count(text)} of ${wanted}: ${text}`);
        await delay(50);
      }
    },
    async peakMiB(name) {
      const status = await readFile(`/proc/${platform.service(name).pid}/status`, 'utf8');
      return Math.round(Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024);
    },
    async [Symbol.asyncDispose]() {
      await pool.end();
      await platform[Symbol.asyncDispose]();
      await nats.stop();
      await postgres.stop();
      await folder.remove();
    },
  };
}

/** Rows that committed loads account for. */
export const ROWS_IN = (dataset: string): string =>
  `SELECT coalesce(sum((counts->>'in')::bigint), 0) AS n FROM ops.load WHERE dataset = '${dataset}'`;
