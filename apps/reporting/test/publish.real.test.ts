import { until } from '@rollcall/testkit';
import { openWarehouse } from '@rollcall/warehouse';
import { describe, expect, it } from 'vitest';
import { engineBed, type EngineBed, type RunningEngine, type SourceRecord } from './engine-bed.js';
import { EVENTS, int8, smallReport, text, type SmallReport } from './small-reports.js';

const event = (id: string, name: string): SourceRecord => ({
  id,
  event: name,
  timestamp: '2026-03-01T10:00:00Z',
  received_at: '2026-03-01T10:00:00Z',
});

const columnsOf = async (bed: EngineBed, view: string): Promise<readonly string[]> =>
  (
    await bed.rows<{ column: string }>(
      `SELECT attname || ' ' || format_type(atttypid, atttypmod) AS column FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
      [view],
    )
  ).map(({ column }) => column);

async function served(running: RunningEngine, name: string, revision = 1): Promise<void> {
  await until(() => running.engine.book.get(name)?.report.revision === revision, {
    what: `${name} in revision ${revision}`,
  });
}

async function edit(bed: EngineBed, running: RunningEngine, name: string, of: SmallReport): Promise<void> {
  await bed.write(name, smallReport(name, of));
  running.engine.folderChanged();
}

const WIDER: SmallReport = {
  sql: 'SELECT e.event, count(*) AS events, min(e.id) AS first FROM analytics.app_events e WHERE e.event IS NOT NULL GROUP BY 1',
  columns: [...EVENTS.columns, text('first')],
  revision: 2,
};

describe.each([true, false])('a report that is materialised: %s', (materialize) => {
  it('is a view with its comments, readable by those who may, and stands in the dictionary', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, materialize }));
    await bed.load('app_events', [event('1', 'a'), event('2', 'a')]);
    await using running = bed.start();
    await served(running, 'events');
    await using readers = openWarehouse(bed.url, { role: 'bi_reader', readOnly: true });
    expect(await readers.query('SELECT * FROM report.events')).toEqual([{ event: 'a', events: '2' }]);
    expect(
      await readers.query('SELECT "column", place, label, unit, additive FROM report.dictionary ORDER BY place'),
    ).toEqual([
      { column: 'event', place: '1', label: 'event', unit: null, additive: 'none' },
      { column: 'events', place: '2', label: 'events', unit: 'rows', additive: 'sum' },
    ]);
    expect(
      await bed.rows(
        `SELECT obj_description('report.events'::regclass) AS said, col_description('report.events'::regclass, 2) AS of_column`,
      ),
    ).toEqual([
      { said: expect.stringContaining('A report of a test.') as string, of_column: 'events (rows): The events' },
    ]);
    const [standing] = await bed.rows<{ there: boolean }>(
      `SELECT to_regclass('report_store.events') IS NOT NULL AS there`,
    );
    expect(standing?.there).toBe(materialize);
  });

  it('gets new columns at its end without disturbing what people built on it', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, materialize }));
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await served(running, 'events');
    await bed.rows('CREATE VIEW custom.mine AS SELECT event, events FROM report.events');
    await edit(bed, running, 'events', { ...WIDER, materialize });
    await served(running, 'events', 2);
    expect(await columnsOf(bed, 'report.events')).toEqual(['event text', 'events bigint', 'first text']);
    expect(await bed.rows('SELECT * FROM report.events')).toEqual([{ event: 'a', events: '1', first: '1' }]);
    expect(await bed.rows('SELECT * FROM custom.mine')).toEqual([{ event: 'a', events: '1' }]);
    const tables = await bed.rows(
      `SELECT relname FROM pg_class WHERE relnamespace = 'report_store'::regnamespace AND relkind = 'r'`,
    );
    expect(tables).toEqual(materialize ? [{ relname: 'events' }] : []);
  });

  it('loses a column, and keeps what it was where people stand on that', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...WIDER, revision: 1, materialize }));
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await served(running, 'events');
    await bed.rows('CREATE VIEW custom.mine AS SELECT first FROM report.events');
    await edit(bed, running, 'events', { ...EVENTS, revision: 2, materialize });
    const faults = await until(() => running.engine.book.get('events')?.faults.join('\n') || undefined, {
      what: 'the fault',
    });
    expect(faults).toMatch(/custom\.mine stands on report\.events/);
    await bed.load('app_events', [event('2', 'a')]);
    running.engine.loaded('app_events');
    await until(
      async () => (await bed.rows<{ events: string }>('SELECT events FROM report.events'))[0]?.events === '2',
      {
        what: 'the old revision to go on',
      },
    );
    expect(await columnsOf(bed, 'report.events')).toHaveLength(3);
    await bed.rows('DROP VIEW custom.mine');
    running.engine.folderChanged();
    await served(running, 'events', 2);
    expect(await columnsOf(bed, 'report.events')).toEqual(['event text', 'events bigint']);
    expect(running.engine.book.get('events')?.faults).toEqual([]);
  });

  it('changes its type and takes the reports on it along', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, materialize }));
    await bed.write(
      'names',
      smallReport('names', {
        sql: 'SELECT e.event FROM report.events e',
        columns: [text('event')],
        materialize: false,
      }),
    );
    await bed.load('app_events', [event('1', '7')]);
    await using running = bed.start();
    await served(running, 'names');
    await edit(bed, running, 'events', {
      sql: 'SELECT e.event, count(*)::int AS events FROM analytics.app_events e GROUP BY 1',
      columns: [text('event'), 'events: { type: int4, label: Events, description: Events }'],
      revision: 2,
      materialize,
    });
    await served(running, 'events', 2);
    expect(await columnsOf(bed, 'report.events')).toEqual(['event text', 'events integer']);
    expect(await bed.rows('SELECT event FROM report.names')).toEqual([{ event: '7' }]);
  });

  it('goes with its folder, unless something reads it', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, materialize }));
    await bed.write('other', smallReport('other', EVENTS));
    await using running = bed.start();
    await until(() => running.engine.book.list().length === 2, { what: 'both' });
    await bed.rows('CREATE VIEW custom.mine AS SELECT event FROM report.events');
    await bed.remove('events');
    await bed.write('third', smallReport('third', EVENTS));
    running.engine.folderChanged();
    await served(running, 'third');
    expect(running.engine.book.get('events')).toBeDefined();
    await bed.rows('DROP VIEW custom.mine');
    running.engine.folderChanged();
    await until(() => running.engine.book.get('events') === undefined, { what: 'the report to be gone' });
    expect(
      await bed.rows(`SELECT to_regclass('report.events') AS view, to_regclass('report_store.events') AS store`),
    ).toEqual([{ view: null, store: null }]);
    expect(await bed.rows(`SELECT report FROM ops.report ORDER BY 1`)).toEqual([
      { report: 'other' },
      { report: 'third' },
    ]);
  });
});

describe('a folder', () => {
  it('with faulty reports serves the others, and names each fault with its place', async () => {
    await using bed = await engineBed();
    await bed.write('good', smallReport('good', EVENTS));
    await bed.write(
      'wrong_column',
      smallReport('wrong_column', {
        ...EVENTS,
        sql: 'SELECT e.event,\n  count(e.nothing) AS events FROM analytics.app_events e GROUP BY 1',
      }),
    );
    await bed.write('round', smallReport('round', { ...EVENTS, sql: 'SELECT event, events FROM report.about' }));
    await bed.write('about', smallReport('about', { ...EVENTS, sql: 'SELECT event, events FROM report.round' }));
    await bed.write('freshness', smallReport('freshness', EVENTS));
    await bed.write(
      'fails',
      smallReport('fails', {
        ...EVENTS,
        sql: 'SELECT e.event, count(*) / (count(*) - 1) AS events FROM analytics.app_events e GROUP BY 1',
      }),
    );
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await served(running, 'good');
    const broken = await until(
      () => (running.engine.book.broken().length === 5 ? running.engine.book.broken() : undefined),
      {
        what: 'five broken folders',
      },
    );
    const told = Object.fromEntries(broken.map(({ report, faults }) => [report, faults.join('\n')]));
    expect(told['wrong_column']).toMatch(/wrong_column\/view\.sql:2:9: error: .*nothing/);
    expect(told['round']).toMatch(/round\/view\.sql:1:27: error: .*round -> about -> round/);
    expect(told['about']).toMatch(/about -> round -> about/);
    expect(told['freshness']).toMatch(/give the folder another name/);
    expect(told['fails']).toMatch(/fails\/view\.sql: error: division by zero/);
    await bed.load('app_events', [event('2', 'a')]);
    running.engine.loaded('app_events');
    await served(running, 'fails');
    expect(running.engine.book.broken()).toHaveLength(4);
  });

  it('that is broken when the service starts does not take away what was served', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a')]);
    await using first = bed.start();
    await served(first, 'events');
    await first.stop();
    await bed.write('events', { 'report.yaml': 'report: [' });
    await using second = bed.start();
    await until(() => second.engine.book.get('events')?.faults.length, { what: 'the fault' });
    await bed.load('app_events', [event('2', 'a')]);
    second.engine.loaded('app_events');
    await until(
      async () => (await bed.rows<{ events: string }>('SELECT events FROM report.events'))[0]?.events === '2',
      {
        what: 'the refresh',
      },
    );
  });

  it('whose new revision fails its test serves the old one, which goes on', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a'), event('2', 'a')]);
    await using running = bed.start();
    await served(running, 'events');
    await edit(bed, running, 'events', { ...WIDER, tests: ['range: { column: events, max: 1 }'] });
    const faults = await until(() => running.engine.book.get('events')?.faults[0], { what: 'the fault' });
    expect(faults).toMatch(/events\/report\.yaml: error: test range_events fails on 1 row \[held-back\]$/);
    expect(running.engine.book.get('events')).toMatchObject({ heldBack: null, report: { revision: 1 } });
    expect(await columnsOf(bed, 'report.events')).toEqual(['event text', 'events bigint']);
    await bed.load('app_events', [event('2', 'b')]);
    running.engine.loaded('app_events');
    await served(running, 'events', 2);
    expect(running.engine.book.get('events')?.faults).toEqual([]);
  });

  it('gives a plain view back that was lost with a column it read', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', { ...EVENTS, materialize: false }));
    await using running = bed.start();
    await served(running, 'events');
    await bed.rows('DROP VIEW report.events');
    await bed.load('app_events', [event('1', 'a')]);
    running.engine.loaded('app_events');
    await until(async () => (await bed.rows('SELECT event FROM report.events')).length === 1, { what: 'the view' });
  });

  it('without any report removes nothing: that is a missing mount', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await using running = bed.start();
    await served(running, 'events');
    const before = running.engine.book.get('events')?.refreshId;
    await bed.remove('events');
    running.engine.folderChanged();
    await until(() => running.engine.ready, { what: 'the folder' });
    await bed.load('app_events', [event('1', 'a')]);
    running.engine.loaded('app_events');
    await until(() => running.engine.book.get('events')?.refreshId !== before, { what: 'the refresh' });
    expect(await bed.rows('SELECT event FROM report.events')).toEqual([{ event: 'a' }]);
  });

  it('may turn a table into a plain view and back', async () => {
    await using bed = await engineBed();
    await bed.write('events', smallReport('events', EVENTS));
    await bed.load('app_events', [event('1', 'a')]);
    await using running = bed.start();
    await served(running, 'events');
    await edit(bed, running, 'events', { ...EVENTS, materialize: false, revision: 2 });
    await served(running, 'events', 2);
    expect(await bed.rows(`SELECT to_regclass('report_store.events') AS store`)).toEqual([{ store: null }]);
    await edit(bed, running, 'events', { ...EVENTS, columns: [text('event'), int8('events')], revision: 3 });
    await served(running, 'events', 3);
    expect(await bed.rows('SELECT * FROM report_store.events')).toEqual([{ event: 'a', events: '1' }]);
  });
});
