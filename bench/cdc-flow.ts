import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testFolder } from '@rollcall/testkit';
import { openBenchStage, ROWS_IN, type BenchStage } from './bench-stage.ts';
import type { Figure } from './bench.ts';
import { startTransactionsSource, withClient, type TransactionsSource } from './transactions-source.ts';

const ROWS = 1_000_000;
/** Changes that wait in the log when the extractor starts. */
const BACKLOG = 1_000_000;
const SUSTAINED = { changesPerSecond: 10_000, seconds: Number(process.env['BENCH_CDC_SECONDS'] ?? 300) };
const LATENCY = { changesPerSecond: 1_000, seconds: Number(process.env['BENCH_LATENCY_SECONDS'] ?? 600) };

const CATALOG = `source: bench
kind: postgres
connection: SHOP_URL
datasets:
  transactions: { from: public.transactions, capture: { mode: log }, key: [id], history: scd2, flush: { seconds: 0.5 } }
`;

/** The log of a database: a backlog decoded, 10,000 changes/s kept up with, and how late a change is at 1,000/s, history kept. */
export async function benchCdc(): Promise<readonly Figure[]> {
  const folder = await testFolder();
  try {
    await using source = await startTransactionsSource(join(folder.path, 'source'), ROWS);
    await using stage = await openBenchStage(CATALOG, { SHOP_URL: source.url });
    const decode = await decoded(stage, source);
    await stage.platform.start('warehouse-loader');
    await stage.reaches(ROWS_IN('transactions'), ROWS + BACKLOG);
    await sameVersion(stage, source, 600_000);
    const latency = await latencies(stage, source);
    const sustained = await kept(stage, source);
    return [decode, latency, sustained];
  } finally {
    await folder.remove();
  }
}

/** The slot is made, the extractor stopped, a million rows change, the extractor starts again. */
async function decoded(stage: BenchStage, source: TransactionsSource): Promise<Figure> {
  await stage.platform.start('cdc-extractor');
  await caughtUp(source);
  await stage.platform.service('cdc-extractor').stop();
  for (let part = 0; part < 10; part += 1)
    await source.query(
      `UPDATE transactions SET amount = amount + 1, updated_at = clock_timestamp() WHERE id % 10 = ${part} AND id <= ${BACKLOG}`,
    );
  await stage.platform.start('cdc-extractor');
  const started = performance.now();
  await caughtUp(source);
  const seconds = (performance.now() - started) / 1000;
  const rate = BACKLOG / seconds;
  return {
    id: 'decode',
    name: 'CDC decode -> Parquet in the lake',
    against: 'changes/s',
    value: rate,
    atLeast: 30_000,
    aim: 100_000,
    notes: [`${BACKLOG} updates in ${seconds.toFixed(1)} s; peak ${await stage.peakMiB('cdc-extractor')} MiB`],
  };
}

async function latencies(stage: BenchStage, source: TransactionsSource): Promise<Figure> {
  const late: number[] = [];
  const began = new Date().toISOString();
  await load(source, LATENCY, async () => {
    const [row] = (
      await stage.pool.query<{ late: string }>(
        // What changed before the load began is not late.
        `SELECT extract(epoch FROM clock_timestamp() - greatest(max(updated_at), $1)) * 1000 AS late FROM raw.transactions WHERE id <= 100`,
        [began],
      )
    ).rows;
    late.push(Number(row?.late));
  });
  const sorted = late.sort((a, b) => a - b);
  const [p50, p99] = [0.5, 0.99].map((share) => sorted[Math.floor(sorted.length * share)] ?? Number.NaN);
  return {
    id: 'latency',
    name: `source commit -> visible in raw, ${LATENCY.changesPerSecond} changes/s for ${LATENCY.seconds} s, history kept`,
    against: '2 s at the middle and 10 s at p99 (1.00: just so)',
    value: Math.min(2_000 / (p50 ?? Infinity), 10_000 / (p99 ?? Infinity)),
    atLeast: 1,
    aim: 2,
    notes: [
      `p50 ${Math.round(p50 ?? 0)} ms, p99 ${Math.round(p99 ?? 0)} ms of ${late.length} looks at the newest change seen`,
    ],
  };
}

async function kept(stage: BenchStage, source: TransactionsSource): Promise<Figure> {
  const behind: number[] = [];
  const done = await load(source, SUSTAINED, async () => void behind.push(await lagBytes(source)));
  const half = behind.slice(Math.floor(behind.length / 2));
  await sameVersion(stage, source, 600_000);
  return {
    id: 'sustained',
    name: `${SUSTAINED.changesPerSecond} changes/s for ${SUSTAINED.seconds} s`,
    against: 'changes/s that the source made, kept up with',
    value: done,
    atLeast: SUSTAINED.changesPerSecond * 0.97,
    aim: SUSTAINED.changesPerSecond,
    notes: [
      `the slot was ${Math.round(Math.max(...half) / 1e6)} MB behind at most in the second half`,
      `peak: extractor ${await stage.peakMiB('cdc-extractor')} MiB, loader ${await stage.peakMiB('warehouse-loader')} MiB`,
    ],
  };
}

/** Updates at a steady rate, in transactions of a hundredth of a second; gives the rate that was reached. `look` runs once a second. */
async function load(
  source: TransactionsSource,
  { changesPerSecond, seconds }: typeof SUSTAINED,
  look: () => Promise<void>,
): Promise<number> {
  const chunk = changesPerSecond / 50;
  let changed = 0;
  const started = performance.now();
  const elapsed = (): number => (performance.now() - started) / 1000;
  const looking = (async () => {
    while (elapsed() < seconds) {
      await delay(250);
      await look();
    }
  })();
  await withClient(source.url, async (client) => {
    while (elapsed() < seconds) {
      const from = (changed % ROWS) + 1;
      // The first hundred rows change all the time: they tell how late the newest change is.
      await client.query(
        `UPDATE transactions SET amount = amount + 1, updated_at = clock_timestamp() WHERE id BETWEEN ${from} AND ${from + chunk - 2} OR id = ${1 + (changed % 100)}`,
      );
      changed += chunk;
      const ahead = changed / changesPerSecond - elapsed();
      if (ahead > 0) await delay(ahead * 1000);
    }
  });
  await looking;
  return changed / elapsed();
}

async function lagBytes(source: TransactionsSource): Promise<number> {
  return source.count(
    `SELECT coalesce(max(pg_wal_lsn_diff(pg_current_wal_insert_lsn(), confirmed_flush_lsn)), 1e18) AS n FROM pg_replication_slots`,
  );
}

/** Until the slot is confirmed up to where the log stands now. */
async function caughtUp(source: TransactionsSource): Promise<void> {
  await source.query(`SELECT pg_logical_emit_message(false, 'bench', 'x')`);
  const end = await source.count(`SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0') AS n`);
  const limit = performance.now() + 300_000;
  for (;;) {
    const at = await source.count(
      `SELECT coalesce(max(pg_wal_lsn_diff(confirmed_flush_lsn, '0/0')), 0) AS n FROM pg_replication_slots`,
    );
    if (at >= end - 4096) return;
    if (performance.now() > limit) throw new Error(`the slot stands at ${at}, ${end} wanted`);
    await delay(50);
  }
}

async function sameVersion(stage: BenchStage, source: TransactionsSource, timeoutMs: number): Promise<void> {
  const sum = 'SELECT sum(amount) AS n FROM';
  const limit = performance.now() + timeoutMs;
  while ((await source.count(`${sum} transactions`)) !== (await stage.count(`${sum} analytics.transactions`))) {
    if (performance.now() > limit) throw new Error('the warehouse does not say what the source says');
    await delay(500);
  }
}
