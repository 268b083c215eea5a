import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { announceChanged } from './announce-changed.ts';
import { runFinished } from '@rollcall/contracts';
import { connectBroker } from '@rollcall/messaging';
import { testFolder } from '@rollcall/testkit';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { openBenchStage, ROWS_IN, type BenchStage } from './bench-stage.ts';
import type { Figure } from './bench.ts';
import {
  copyOutSeconds,
  medianOf,
  pipeSeconds,
  startTransactionsSource,
  TRANSACTIONS,
  withClient,
} from './transactions-source.ts';

/** Rows of the source; a fifth of them changes for the merge. */
const ROWS = Number(process.env['BENCH_ROWS'] ?? 5_000_000);
const CHANGED = ROWS / 5;

const CATALOG = `source: bench
kind: postgres
connection: SHOP_URL
datasets:
  extracted: { from: public.transactions, capture: { mode: full }, key: [id] }
  synced: { from: public.transactions, capture: { mode: full }, key: [id] }
`;

/** The four limits of a database, in one run: out of it, first load, both side by side, and a merge of changed rows. */
export async function benchPostgres(): Promise<readonly Figure[]> {
  await using folder = await disposable();
  await using source = await startTransactionsSource(join(folder.path, 'source'), ROWS);
  await using stage = await openBenchStage(CATALOG, { SHOP_URL: source.url });
  const out = await medianOf(3, () => copyOutSeconds(source.url));
  const pipe = await medianOf(3, () => pipeSeconds(source.url, stage.warehouseUrl));

  const extract = await extracted(stage, out);
  const first = await firstLoad(stage, pipe);
  const synced = await sourceToWarehouse(stage, pipe);
  await source.query(
    `UPDATE transactions SET amount = amount + 1, status = 'paid', updated_at = now() WHERE id % 5 = 0`,
  );
  return [extract, first, synced, await merged(stage, source.url)];
}

async function extracted(stage: BenchStage, yardstick: number): Promise<Figure> {
  const extractor = await stage.platform.start('cdc-extractor', { READ_CONNECTIONS: '1' });
  const seconds = await syncSeconds(stage, 'extracted');
  const peak = await stage.peakMiB('cdc-extractor');
  await extractor.stop();
  return {
    id: 'extract',
    name: 'Postgres -> Parquet in the lake, one connection, with _position and _op',
    against: 'COPY … TO STDOUT (FORMAT binary), bytes thrown away',
    value: yardstick / seconds,
    atLeast: 0.5,
    aim: 0.8,
    notes: [
      `${ROWS} rows: ${perSecond(ROWS, seconds)} rows/s; COPY ${perSecond(ROWS, yardstick)} rows/s; peak ${peak} MiB`,
    ],
  };
}

/** What the run above left in the lake, by a loader that starts now. */
async function firstLoad(stage: BenchStage, yardstick: number): Promise<Figure> {
  await stage.platform.start('warehouse-loader');
  const started = performance.now();
  await stage.reaches(ROWS_IN('extracted'), ROWS + 1);
  const seconds = (performance.now() - started) / 1000;
  await expectRows(stage, 'extracted');
  return {
    id: 'firstLoad',
    name: 'first load into an empty raw table, key built after, with ledger and provenance',
    against: 'the binary pipe from the source into a logged table with its key',
    value: yardstick / seconds,
    atLeast: 0.35,
    aim: 0.6,
    notes: [
      `${perSecond(ROWS, seconds)} rows/s; pipe ${perSecond(ROWS, yardstick)} rows/s; peak ${await stage.peakMiB('warehouse-loader')} MiB`,
    ],
  };
}

async function sourceToWarehouse(stage: BenchStage, yardstick: number): Promise<Figure> {
  await stage.platform.start('cdc-extractor');
  const started = performance.now();
  await stage.platform.rollcall('sync', 'synced', '--no-wait');
  await stage.reaches(ROWS_IN('synced'), ROWS + 1);
  const seconds = (performance.now() - started) / 1000;
  await expectRows(stage, 'synced');
  return {
    id: 'sync',
    name: 'source -> warehouse, first load, extract and load side by side',
    against: 'the binary pipe into a logged table with its key',
    value: yardstick / seconds,
    atLeast: 0.35,
    aim: 0.7,
    notes: [
      `${perSecond(ROWS, seconds)} rows/s from the request on; pipe ${perSecond(ROWS, yardstick)} rows/s`,
      `peak: extractor ${await stage.peakMiB('cdc-extractor')} MiB, loader ${await stage.peakMiB('warehouse-loader')} MiB`,
    ],
  };
}

/** The time of the loads' own transactions, staging included, against ON CONFLICT of the same rows into a table as large. */
async function merged(stage: BenchStage, sourceUrl: string): Promise<Figure> {
  const yardstick = await onConflictSeconds(stage, sourceUrl);
  const loader = await stage.platform.service('warehouse-loader').stop();
  if (loader.code !== 0) throw new Error('the loader did not stop in order');
  const before = await stage.count(ROWS_IN('synced'));
  await announceChanged(stage, sourceUrl);
  await stage.platform.start('warehouse-loader');
  const started = performance.now();
  await stage.reaches(ROWS_IN('synced'), before + CHANGED);
  const seconds = (performance.now() - started) / 1000;
  return {
    id: 'merge',
    name: `merge of ${CHANGED} changed rows into ${ROWS}, whole load`,
    against: 'INSERT … ON CONFLICT of the same rows (its 105 k rows/s of the limits: 60 k at least, 100 k aimed at)',
    value: yardstick / seconds,
    atLeast: 60 / 105,
    aim: 100 / 105,
    notes: [`${perSecond(CHANGED, seconds)} rows/s; ON CONFLICT ${perSecond(CHANGED, yardstick)} rows/s`],
  };
}

async function onConflictSeconds(stage: BenchStage, sourceUrl: string): Promise<number> {
  const columns = TRANSACTIONS.split(',').flatMap((part) => /^\s*(\w+) \w/.exec(part)?.[1] ?? []);
  const values = columns.filter((name) => name !== 'id').map((name) => `${name} = excluded.${name}`);
  await stage.pool.query(`CREATE TABLE public.standing (${TRANSACTIONS}, PRIMARY KEY (id))`);
  await stage.pool.query(`INSERT INTO public.standing SELECT ${columns.join(', ')} FROM raw.synced`);
  await stage.pool.query(`CREATE UNLOGGED TABLE public.changed (${TRANSACTIONS})`);
  await copyChanged(sourceUrl, stage.warehouseUrl);
  await stage.pool.query('ANALYZE public.standing, public.changed');
  const started = performance.now();
  await stage.pool.query(
    `INSERT INTO public.standing SELECT * FROM public.changed ON CONFLICT (id) DO UPDATE SET ${values.join(', ')}`,
  );
  const seconds = (performance.now() - started) / 1000;
  await stage.pool.query('DROP TABLE public.standing, public.changed');
  return seconds;
}

async function copyChanged(from: string, to: string): Promise<void> {
  await withClient(from, (source) =>
    withClient(to, (target) =>
      pipeline(
        source.query(copyTo('COPY (SELECT * FROM transactions WHERE id % 5 = 0) TO STDOUT (FORMAT binary)')),
        target.query(copyFrom('COPY public.changed FROM STDIN (FORMAT binary)')),
      ),
    ),
  );
}

/** Seconds of a run by its own account: from claimed to finished. */
async function syncSeconds(stage: BenchStage, dataset: string): Promise<number> {
  await stage.platform.rollcall('sync', dataset);
  await using broker = await connectBroker({ url: stage.natsUrl, name: 'bench' });
  const stored = await broker.jsm.streams.getMessage('RUNLOG', { last_by_subj: runFinished.subject });
  const { startedAt, finishedAt } = runFinished.schema.parse(stored?.json());
  return (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
}

async function expectRows(stage: BenchStage, dataset: string): Promise<void> {
  const rows = await stage.count(`SELECT count(*) AS n FROM analytics.${dataset}`);
  if (rows !== ROWS) throw new Error(`${rows} rows in analytics.${dataset}, ${ROWS} in the source`);
}

async function disposable(): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await testFolder();
  return { path: folder.path, [Symbol.asyncDispose]: () => folder.remove() };
}

function perSecond(rows: number, seconds: number): number {
  return Math.round(rows / seconds);
}
