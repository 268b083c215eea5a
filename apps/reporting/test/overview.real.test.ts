import { randomBytes } from 'node:crypto';
import { connectBroker, applyTopology } from '@rollcall/messaging';
import { testNats, until } from '@rollcall/testkit';
import { openOps } from '@rollcall/warehouse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { summaryOf } from '../src/api/answers/report-list.js';
import type { BookEvent } from '../src/engine/report-book.js';
import type { Reading } from '../src/evidence/batch-facts.js';
import { readBroker, type BrokerFacts } from '../src/overview/broker-facts.js';
import { LedgerTotals } from '../src/overview/ledger-totals.js';
import { Overview } from '../src/overview/overview.js';
import { RowCounts } from '../src/overview/row-counts.js';
import { lineageBed, type LineageBed } from './lineage-bed.js';

let bed: LineageBed;

beforeAll(async () => {
  bed = await lineageBed();
  await bed.drop('answers', 'answers/a.csv', [answer(1), answer(2), answer(2)]);
  await bed.http('answers', [answer(2), answer(3)]);
  await bed.bus('app_events', [
    ['bad', event('a')],
    ['bad', 'worse'],
    [event('b'), event('c')],
  ]);
  await bed.clear('app_events');
}, 120_000);

afterAll(async () => bed[Symbol.asyncDispose]());

const WELL: BrokerFacts = { kind: 'answered', lag: [], deadLetters: 0 };

describe('the overview', () => {
  it('says what plain SQL says', async () => {
    await using ops = await openOps(bed.url);
    const overview = await overviewOf({ ops: { recentRuns: (limit) => ops.recentRuns(limit) } }).answer();
    const filled = overview.datasets.filter(({ source }) => source !== 'shop' && source !== 'registration');
    expect(overview.datasets.length).toBe(bed.catalog.datasets.size);
    for (const dataset of filled) {
      const [batches] = await bed.warehouse.query(
        `SELECT count(*)::int AS batches, sum(rows)::int AS rows, sum(bytes)::int AS bytes FROM ops.batch WHERE dataset = $1`,
        [dataset.dataset],
      );
      expect(dataset.lake).toEqual(batches);
      const [rows] = await bed.warehouse.query<{ rows: number }>(
        `SELECT count(*)::int AS rows FROM analytics.${dataset.dataset === 'answers' ? 'answers' : 'app_events'}`,
      );
      expect(dataset).toMatchObject({ rows: rows?.rows, rowsAreEstimated: false });
      expect(dataset.loads.length).toBeGreaterThan(1);
      expect(dataset.lastLoadAt).toBe(dataset.loads[0]?.loadedAt);
      expect(dataset.loads.map(({ loadedAt }) => loadedAt)).toEqual(
        dataset.loads
          .map(({ loadedAt }) => loadedAt)
          .sort()
          .reverse(),
      );
    }
    expect(filled).toMatchObject([
      {
        dataset: 'answers',
        rows: 3,
        quarantined: 0,
        held: 0,
        health: 'healthy',
        reports: ['answers_per_session', 'sessions_per_user_month'],
      },
      {
        dataset: 'app_events',
        rows: 3,
        quarantined: 3,
        held: 1,
        health: 'warning',
        reports: ['daily_events_by_platform'],
      },
    ]);
    expect(overview.concerns.map(({ text }) => text)).toEqual([
      expect.stringContaining('3 records in quarantine'),
      expect.stringContaining('1 deletion'),
    ]);
  });

  it('tells a broker that is away, and nothing of what it would know', async () => {
    const overview = await overviewOf({ readBroker: () => Promise.resolve({ kind: 'away', why: 'away.' }) }).answer();
    expect(overview).toMatchObject({ lag: null, deadLetters: null, health: 'degraded' });
    expect(overview.concerns[0]).toEqual({ health: 'degraded', text: 'away.' });
  });

  it('is made once for all who look within two seconds, and anew when something happened', async () => {
    const counting = countingReader(bed.warehouse);
    let happen: () => void = () => undefined;
    const on = (listener: (event: BookEvent) => void): Disposable => {
      happen = () => listener({ kind: 'loaded', dataset: 'answers' });
      return { [Symbol.dispose]: () => undefined };
    };
    const overview = overviewOf({ warehouse: counting, book: { ...bed.book, on } });
    const [first, second] = await Promise.all([overview.answer(), overview.answer()]);
    const asked = counting.statements.length;
    expect(await overview.answer()).toBe(first);
    expect(second).toBe(first);
    expect(counting.statements.length).toBe(asked);
    happen();
    expect(await overview.answer()).not.toBe(first);
  });
});

describe('the broker’s facts', () => {
  it('are how many messages wait at each hop, and the dead letters', async () => {
    await using nats = await testNats();
    await using broker = await connectBroker({ url: nats.url, name: 'test' });
    await applyTopology(broker);
    const facts = await readBroker(broker);
    expect(facts).toMatchObject({ kind: 'answered', deadLetters: 0 });
    expect(facts.kind === 'answered' && facts.lag.map(({ hop, waiting }) => [hop, waiting])).toEqual([
      ['ingest-logs-events', 0],
      ['loader-batches', 0],
      ['reporting-loads', 0],
    ]);
    await nats.stop();
    await until(() => !broker.connected, { what: 'the line to be seen as down' });
    expect(await readBroker(broker)).toMatchObject({ kind: 'away', why: expect.stringContaining('is not connected') });
  });

  it('say when the topology is missing', async () => {
    await using nats = await testNats();
    await using broker = await connectBroker({ url: nats.url, name: 'test' });
    expect(await readBroker(broker)).toMatchObject({ kind: 'away', why: expect.stringContaining('rollcall migrate') });
  });
});

describe('totals of the ledger', () => {
  it('read only what is not settled yet, however many batches there are', async () => {
    await using own = await lineageBed();
    await fillLedger(own, 10_000, '3 hours');
    await fillLedger(own, 40, '1 minute');
    const counting = countingReader(own.warehouse);
    const totals = new LedgerTotals(counting, ['answers', 'app_events']);
    const plain = await plainTotals(own);
    expect(await Promise.all([totals.read(), totals.read()])).toEqual([plain, plain]);
    counting.statements.length = 0;
    expect(await totals.read()).toEqual(plain);
    expect(counting.statements).toHaveLength(2);
    const [after] = counting.statements
      .filter((statement) => statement.text.includes('GROUP BY'))
      .map(({ values }) => values?.[0]);
    expect(Number(after)).toBe(10_000);
    await fillLedger(own, 5, '0 seconds');
    expect(await totals.read()).toEqual(await plainTotals(own));
  });

  it('count a batch whose load commits after one with a higher number', async () => {
    await using own = await lineageBed();
    await fillLedger(own, 3, '3 hours');
    const totals = new LedgerTotals(own.warehouse, ['answers']);
    await own.warehouse.session(async (early) => {
      await early.run('BEGIN');
      await early.run(...ledgerRows(2, '0 seconds'));
      await fillLedger(own, 4, '0 seconds');
      expect((await totals.read()).get('answers')?.batches).toBe(7);
      await early.run('COMMIT');
    });
    expect((await totals.read()).get('answers')?.batches).toBe(9);
  });

  it('are read anew when a dataset was reset to be rebuilt', async () => {
    await using own = await lineageBed();
    await fillLedger(own, 30, '3 hours');
    const totals = new LedgerTotals(own.warehouse, ['answers']);
    expect((await totals.read()).get('answers')?.batches).toBe(30);
    for (const table of ['batch', 'load'])
      await own.warehouse.session((session) => session.run(`DELETE FROM ops.${table} WHERE dataset = 'answers'`));
    expect(await totals.read()).toEqual(new Map());
    await fillLedger(own, 2, '0 seconds');
    expect((await totals.read()).get('answers')?.batches).toBe(2);
  });
});

describe('row counts', () => {
  it('are taken anew after a load only, and not more often than the last one cost', async () => {
    const counting = countingReader(bed.warehouse);
    let now = 0;
    const counts = new RowCounts(counting, () => (now += 1));
    const read = (load: string) => counts.read(new Map([['answers', load]]));
    expect((await read('l1')).get('answers')).toMatchObject({ rows: 3, isEstimate: false });
    const countsSoFar = (): number => counting.statements.filter(({ text }) => text.includes('count(*)')).length;
    now += 1_000;
    await read('l1');
    expect(countsSoFar()).toBe(1);
    await read('l2');
    expect(countsSoFar()).toBe(2);
    await read('l3');
    expect(countsSoFar()).toBe(2);
    now += 1_000;
    await read('l3');
    expect(countsSoFar()).toBe(3);
    now += 60_000;
    await read('l3');
    expect(countsSoFar()).toBe(4);
  });

  it('know a dataset without a table as empty', async () => {
    const counts = await new RowCounts(bed.warehouse).read(new Map([['never_loaded', null]]));
    expect(counts.get('never_loaded')).toEqual({ rows: 0, isEstimate: false });
  });
});

function overviewOf(change: Partial<ConstructorParameters<typeof Overview>[0]> = {}): Overview {
  return new Overview({
    warehouse: bed.warehouse,
    ops: { recentRuns: () => Promise.resolve([]) },
    catalog: bed.catalog,
    book: bed.book,
    summaryOf,
    readBroker: () => Promise.resolve(WELL),
    nowMs: () => Date.now(),
    ...change,
  });
}

interface Counting extends Reading {
  readonly statements: { readonly text: string; readonly values: readonly unknown[] | undefined }[];
}

/** Notes every statement that passes. */
function countingReader(reader: Reading): Counting {
  const statements: Counting['statements'] = [];
  return {
    statements,
    query<R extends object>(text: string, values?: readonly unknown[]): Promise<readonly R[]> {
      statements.push({ text, values });
      return reader.query<R>(text, values);
    },
  };
}

/** So many batches of one load that was committed so long ago. */
async function fillLedger({ warehouse }: LineageBed, batches: number, ago: string): Promise<void> {
  await warehouse.session((session) => session.run(...ledgerRows(batches, ago)));
}

function ledgerRows(batches: number, ago: string): [string, readonly unknown[]] {
  const text = `
WITH load AS (
  INSERT INTO ops.load (load_id, dataset, counts, touched, loaded_at)
  VALUES ($1, 'answers', '{"in":0,"merged":0,"superseded":0,"duplicate":0,"quarantined":0,"held":0,"erased":0}', '{}', clock_timestamp() - $2::interval)
  RETURNING load_id
)
INSERT INTO ops.batch (batch_id, dataset, lane, key, rows, bytes, sha256, contract, range, origin, source, extracted_at, load_id)
SELECT load_id || n, 'answers', 'rows', 'k', n, 10 * n, 's', 'c', '{}', 'o', 'answers_log', clock_timestamp() - $2::interval, load_id
FROM load, generate_series(1, $3::int) AS n`;
  return [text, [randomBytes(8).toString('hex'), ago, batches]];
}

async function plainTotals({ warehouse }: LineageBed): Promise<ReadonlyMap<string, unknown>> {
  const rows = await warehouse.query<{ dataset: string }>(
    `SELECT dataset, count(*)::int AS batches, sum(rows)::int AS rows, sum(bytes)::int AS bytes,
            to_char(max(extracted_at) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS "newestExtractAt"
     FROM ops.batch GROUP BY dataset`,
  );
  return new Map(rows.map(({ dataset, ...total }) => [dataset, total]));
}

function answer(n: number): Record<string, string> {
  return {
    user: `z${n}`,
    anonymous: 'True',
    event_id: '630ea3f338d12f4c710d9b21',
    question_id: `q${n}`,
    sent_at: `2026-01-0${n} 10:00:00`,
  };
}

function event(id: string): Record<string, string> {
  return { id, received_at: '2026-01-02 03:04:05', event: 'opened', timestamp: '2026-01-02 03:04:05' };
}
