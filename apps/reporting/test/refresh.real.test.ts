import { RollcallError } from '@rollcall/kernel';
import { seededRandom, until } from '@rollcall/testkit';
import { openWarehouse } from '@rollcall/warehouse';
import { describe, expect, it } from 'vitest';
import { engineBed, type EngineBed, type RunningEngine, type SourceRecord } from './engine-bed.js';
import { EVENTS, int8, smallReport, text } from './small-reports.js';

const event = (id: string, name: string | null, more: SourceRecord = {}): SourceRecord => ({
  id,
  event: name,
  timestamp: '2026-03-01T10:00:00Z',
  received_at: '2026-03-01T10:00:00Z',
  ...more,
});

/** Waits until nothing is left to do: the served state stands on the newest load. */
async function refreshed(running: RunningEngine, name: string, loadId: string): Promise<void> {
  await until(
    () => {
      const inputs = running.engine.book.served(name);
      return Object.values((inputs?.attempted ?? inputs?.inputs)?.datasets ?? {}).some(({ load }) => load === loadId);
    },
    { what: `${name} to be tried with load ${loadId}` },
  );
}

const eventsOf = async (bed: EngineBed): Promise<Readonly<Record<string, string>>> => {
  const rows = await bed.rows<{ event: string; events: string }>('SELECT event, events FROM report.events');
  return Object.fromEntries(rows.map((row) => [row.event, row.events]));
};

describe('a refresh by difference', () => {
  it('gives what the view gives, under random changes, and counts what it changed', async () => {
    await using bed = await engineBed();
    const random = seededRandom();
    await bed.write('events', smallReport('events', { ...EVENTS, filters: ['event: { column: event, op: in }'] }));
    await using running = bed.start();
    const standing = new Map<string, string>();
    for (let round = 0; round < 8; round++) {
      const before = await eventsOf(bed).catch(() => ({}));
      const records = Array.from({ length: 60 }, () => {
        const [id, name] = [`id-${random.below(150)}`, `name ${random.below(25)}`];
        return event(id, name);
      });
      const last = new Map(records.map((record) => [String(record['id']), record]));
      const op = random.below(3) === 0 ? 'd' : 'u';
      const load = await bed.load('app_events', [...last.values()], { op });
      for (const [id, record] of last)
        if (op === 'd') standing.delete(id);
        else standing.set(id, String(record['event']));
      running.engine.loaded('app_events');
      await refreshed(running, 'events', load);
      const counts = [...Map.groupBy(standing.values(), (name) => name)].map(([name, of]) => [name, String(of.length)]);
      const wanted: Readonly<Record<string, string>> = Object.fromEntries(counts);
      expect(await eventsOf(bed)).toEqual(wanted);
      const keys = new Set([...Object.keys(before), ...Object.keys(wanted)]);
      const changed = [...keys].filter((key) => (before as Record<string, string>)[key] !== wanted[key]).length;
      expect(running.engine.book.get('events')).toMatchObject({ rows: counts.length, rowsChanged: changed });
    }
  });

  it('touches only rows that are other than they were', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a'), event('2', 'b')]);
    await using running = bed.start();
    await until(() => running.engine.book.get('events'), { what: 'the report' });
    const versions = () =>
      bed.rows('SELECT event, xmin::text, xmax::text, ctid::text FROM report_store.events ORDER BY 1');
    const [before] = await versions();
    const load = await bed.load('app_events', [event('3', 'b')]);
    running.engine.loaded('app_events');
    await refreshed(running, 'events', load);
    const [after] = await versions();
    expect(after).toEqual(before);
  });

  it('keeps no reader waiting and shows no reader half of it', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    const half = (name: string, from: number) => Array.from({ length: 400 }, (_, at) => event(`id-${from + at}`, name));
    await bed.load('app_events', [...half('a', 0), ...half('b', 400)]);
    await using running = bed.start();
    await until(() => running.engine.book.get('events'), { what: 'the report' });
    await using readers = openWarehouse(bed.url, { role: 'bi_reader', readOnly: true });
    let done = false;
    const seen = new Set<string>();
    const waits: number[] = [];
    const reading = [1, 2, 3].map(async () => {
      while (!done) {
        const [row] = await readers.query<{ sum: string }>('SELECT sum(events) AS sum FROM report.events');
        seen.add(row?.sum ?? '');
        const waiting = await bed.rows<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_locks l JOIN pg_stat_activity a USING (pid)
           WHERE NOT l.granted AND l.locktype = 'relation' AND a.datname = current_database() AND a.query LIKE '%sum(events)%'`,
        );
        waits.push(waiting[0]?.n ?? 0);
      }
    });
    for (let round = 0; round < 3; round++) {
      // Every event changes its name: both rows change, their sum does not.
      const load = await bed.load('app_events', [...half(`a${round}`, 0), ...half(`b${round}`, 400)]);
      running.engine.loaded('app_events');
      await refreshed(running, 'events', load);
    }
    done = true;
    await Promise.all(reading);
    expect([...seen]).toEqual(['800']);
    expect(waits.length).toBeGreaterThan(20);
    expect(Math.max(...waits)).toBe(0);
  });

  it('waits for nobody who reads in a long transaction', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await until(() => running.engine.book.get('events'), { what: 'the report' });
    await bed.warehouse.session(async (session) => {
      await session.run('BEGIN ISOLATION LEVEL REPEATABLE READ');
      const seen = async () => (await session.rows<{ events: string }>('SELECT events FROM report.events'))[0]?.events;
      expect(await seen()).toBe('1');
      const load = await bed.load('app_events', [event('2', 'a')]);
      running.engine.loaded('app_events');
      await refreshed(running, 'events', load);
      expect(await eventsOf(bed)).toEqual({ a: '2' });
      expect(await seen()).toBe('1');
      await session.run('ROLLBACK');
    });
  });
});

describe('a state that must not be served', () => {
  it('is held back by a test, with reason and since, until one passes', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, tests: ['range: { column: events, max: 2 }'] }));
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    const { refreshId } = await until(() => running.engine.book.get('events'), { what: 'the report' });
    const load = await bed.load('app_events', [event('2', 'a'), event('3', 'a')]);
    running.engine.loaded('app_events');
    await refreshed(running, 'events', load);
    const held = running.engine.book.get('events');
    expect(held).toMatchObject({
      heldBack: { kind: 'test', reason: 'test range_events fails on 1 row' },
      rows: 1,
    });
    expect(held?.tests).toContainEqual({ name: 'range_events', severity: 'hold', passed: false, failures: 1 });
    expect(held?.refreshId).not.toBe(refreshId);
    expect(await eventsOf(bed)).toEqual({ a: '1' });
    expect(await bed.rows('SELECT state, held_back_reason FROM report.freshness')).toEqual([
      { state: 'held back', held_back_reason: 'test range_events fails on 1 row' },
    ]);
    const better = await bed.load('app_events', [event('3', 'b')]);
    running.engine.loaded('app_events');
    await refreshed(running, 'events', better);
    await until(() => running.engine.book.get('events')?.heldBack === null, { what: 'the newer state' });
    expect(await eventsOf(bed)).toEqual({ a: '2', b: '1' });
  });

  it('is one whose rows cannot be told apart', async () => {
    await using bed = await engineBed();
    await bed.write(
      'events',
      smallReport('events', {
        sql: 'SELECT e.event, 1::bigint AS events FROM analytics.app_events e',
        columns: EVENTS.columns,
      }),
    );
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await until(() => running.engine.book.get('events'), { what: 'the report' });
    const load = await bed.load('app_events', [event('2', 'a'), event('3', null)]);
    running.engine.loaded('app_events');
    await refreshed(running, 'events', load);
    expect(running.engine.book.get('events')?.heldBack?.reason).toBe('test grain fails on 2 rows');
  });

  it('is one that cannot be computed: told with its place and no value of a row, and the others go on', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.write(
      'broken',
      smallReport('broken', {
        sql: 'SELECT e.id AS event, e.event::bigint AS events\nFROM analytics.app_events e',
        columns: EVENTS.columns,
      }),
    );
    await bed.load('app_events', [event('1', '12')]);
    await using running = bed.start();
    await until(() => running.engine.book.list().length === 2, { what: 'both reports' });
    const load = await bed.load('app_events', [event('2', 'secret word')]);
    running.engine.loaded('app_events');
    await refreshed(running, 'broken', load);
    await refreshed(running, 'events', load);
    const { heldBack, rows } = running.engine.book.get('broken') ?? {};
    expect(rows).toBe(1);
    expect(heldBack?.kind).toBe('failed');
    expect(heldBack?.reason).toMatch(/broken\/view\.sql: error: invalid input syntax for type bigint: "…" \[22P02\]$/);
    expect(running.engine.book.get('events')).toMatchObject({ heldBack: null, rows: 2 });
    const mended = await bed.load('app_events', [event('2', '13')]);
    running.engine.loaded('app_events');
    await refreshed(running, 'broken', mended);
    expect(running.engine.book.get('broken')).toMatchObject({ heldBack: null, rows: 2 });
  });
});

describe('without marks', () => {
  it('loads, replays and decisions are found in the ledger', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await using running = bed.start({ sweepMs: 100 });
    await until(() => running.engine.book.get('events'), { what: 'the report' });
    const load = await bed.load('app_events', [event('1', 'a')]);
    await refreshed(running, 'events', load);
    await bed.rows(
      `INSERT INTO ops.quarantine (dataset, position, batch, lane, reason, place, contract, loaded_at)
       SELECT 'app_events', 'p', min(id), 'rows', 'test', 'line 1', 'c', now() FROM ops.batch`,
    );
    await until(() => running.engine.book.get('events')?.withheld === 1, { what: 'the withheld record' });
    expect(running.engine.book.get('events')?.inputs).toMatchObject([{ dataset: 'app_events', withheld: 1 }]);
    await bed.rows(`UPDATE ops.quarantine SET status = 'discarded'`);
    await until(() => running.engine.book.get('events')?.withheld === 0, { what: 'the withheld record to be settled' });
  });

  it('what was not announced is announced later, with the trace it had', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a')]);
    await using first = bed.start({
      announce: () => Promise.reject(new RollcallError('nats/unavailable', 'no connection')),
    });
    await until(async () => (await bed.rows('SELECT 1 FROM ops.report')).length === 1, { what: 'the report' });
    await first.stop();
    await using second = bed.start();
    await until(() => second.announced.length === 1, { what: 'the announcement' });
    await until(async () => (await bed.rows('SELECT 1 FROM ops.report WHERE announced')).length === 1, {
      what: 'the record of it',
    });
  });
});

describe('two engines on one warehouse', () => {
  it('agree on what is served, also of a report on a report', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.write(
      'names',
      smallReport('names', { sql: 'SELECT event FROM report.events', columns: [text('event')] }),
    );
    await bed.write(
      'total',
      smallReport('total', {
        sql: 'SELECT 1::bigint AS one, coalesce(sum(events), 0)::bigint AS events FROM report.events',
        columns: [int8('one'), int8('events')],
      }),
    );
    await using first = bed.start({ sweepMs: 200 });
    await using second = bed.start({ sweepMs: 200 });
    for (let round = 0; round < 5; round++) {
      await bed.load('app_events', [event(`id-${round}`, `name ${round}`)]);
      for (const { engine } of [first, second]) engine.loaded('app_events');
    }
    await until(
      () =>
        [first, second].every(
          ({ engine }) => engine.book.get('total')?.rows === 1 && engine.book.get('names')?.rows === 5,
        ),
      { what: 'both to serve the last load' },
    );
    await until(
      async () => (await bed.rows<{ events: string }>('SELECT events FROM report.total'))[0]?.events === '5',
      {
        what: 'the report on the report',
      },
    );
    await until(() => first.engine.book.get('total')?.refreshId === second.engine.book.get('total')?.refreshId, {
      what: 'both books to agree',
    });
  });
});
