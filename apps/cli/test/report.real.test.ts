import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openWarehouse, type Warehouse } from '@rollcall/warehouse';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli, type CliRun, type CliWorld } from './run-cli.js';
import { event, smallPlatform, type SmallPlatform } from './small-platform.js';

const SHIPPED = fileURLToPath(new URL('../../../reports', import.meta.url));
const DAILY = 'daily_events_by_platform';

let platform: SmallPlatform;
let world: CliWorld;
let reports: string;

beforeAll(async () => {
  platform = await smallPlatform();
  reports = join(platform.world.dir, 'reports');
  world = { dir: platform.world.dir, env: { ...platform.world.env, REPORTS_DIR: reports } };
  await platform.events('one', [
    event('e-1', { context_device_type: 'ios' }),
    event('e-2', { context_device_type: 'android' }),
    event('e-3', { context_device_type: 'android' }),
    event('e-4', { event: 'screen_closed', timestamp: '2026-01-03 03:04:05.678901' }),
  ]);
  // Types that BI tools do not load, names that are no names of a report's columns.
  await platform.warehouse.query('CREATE SCHEMA IF NOT EXISTS custom');
  await platform.warehouse.query(
    `CREATE TABLE custom.target ("Sales Region" text, day date, amount numeric(10,2) NOT NULL, rank smallint, share real, tags text[],
       "order" jsonb, noted timestamp, secret bytea, "Größe" interval, _internal text, PRIMARY KEY ("Sales Region", day))`,
  );
  await platform.warehouse.query(
    `INSERT INTO custom.target VALUES ('north', '2026-01-02', 12.5, 1, 0.5, '{a,b}', '{"a":1}', '2026-01-02 03:04', 'x', '2 days', 'y')`,
  );
}, 120_000);
afterAll(() => platform[Symbol.asyncDispose]());
beforeEach(async () => {
  await rm(reports, { recursive: true, force: true });
  await mkdir(reports, { recursive: true });
  await cp(join(SHIPPED, DAILY), join(reports, DAILY), { recursive: true });
});

const rollcall = (...args: readonly string[]): Promise<CliRun> => runCli(world, ...args);

/** Changes a file of the daily report. */
async function edit(file: string, change: (text: string) => string): Promise<void> {
  const path = join(reports, DAILY, file);
  const before = await readFile(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`nothing to change in ${file}`);
  await writeFile(path, after);
}

/** What stands in the warehouse of reports, by names. */
async function published(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await warehouse.query<{ name: string }>(
    `SELECT relnamespace::regnamespace || '.' || relname AS name FROM pg_class WHERE relnamespace IN ('report'::regnamespace, 'report_store'::regnamespace) ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

describe('rollcall report check', () => {
  it('finds no fault in a good report, and leaves nothing in the warehouse', async () => {
    await using warehouse = openWarehouse(platform.world.env['WAREHOUSE_URL'] ?? '');
    const before = await published(warehouse);
    const run = await rollcall('report', 'check');
    expect([run.code, run.out, run.err]).toEqual([0, '1 report: no fault', '']);
    expect(await published(warehouse)).toEqual(before);
  });

  it('names a fault of the SQL by its place, as seen from here', async () => {
    await edit('view.sql', (sql) => sql.replace('e.event,', 'e.evnt,'));
    const run = await rollcall('report', 'check', DAILY);
    expect(run.code).toBe(1);
    expect(run.out).toMatch(new RegExp(`^reports/${DAILY}/view\\.sql:2:8: error: .*evnt.* \\[sql-42703\\]$`, 'm'));
    expect(run.err).toContain('1 fault in');
  });

  it('says that SQL was not checked where there is no warehouse, and checks the rest', async () => {
    const alone = { dir: world.dir, env: { CATALOG_DIR: world.env['CATALOG_DIR'] ?? '', REPORTS_DIR: reports } };
    await edit('view.sql', (sql) => sql.replace('e.event,', 'e.evnt,'));
    const blind = await runCli(alone, 'report', 'check');
    expect([blind.code, blind.err]).toEqual([0, 'note: SQL not checked, no warehouse (WAREHOUSE_URL)']);
    await edit('report.yaml', (yaml) => yaml.replace('min_refresh: 2s', 'min_refresh: often'));
    const run = await runCli(alone, 'report', 'check', '--json');
    expect(run.code).toBe(1);
    expect(JSON.parse(run.out)).toMatchObject([{ file: `reports/${DAILY}/report.yaml`, line: expect.any(Number) }]);
  });

  it('refuses a name that is no report, with the one that was meant', async () => {
    const run = await rollcall('report', 'check', 'daily_events_by_platfrom');
    expect(run.code).toBe(2);
    expect(run.err).toContain(`did you mean "${DAILY}"?`);
  });
});

describe('rollcall report new', () => {
  it.each([
    ['events', ['--from', 'app_events']],
    ['events_by_relation', ['--from', 'analytics.app_events']],
    ['event_rows', ['--from', 'app_events', '--grain', 'id']],
    ['targets', ['--from', 'custom.target']],
    ['daily', ['--from', `report.${DAILY}`, '--grain', 'event,day,platform']],
  ])('writes %s, which passes the check and can be previewed', async (name, args) => {
    const made = await rollcall('report', 'new', name, ...args);
    expect(made.code, made.err).toBe(0);
    expect(made.out.split('\n').sort()).toEqual([`reports/${name}/report.yaml`, `reports/${name}/view.sql`]);
    const checked = await rollcall('report', 'check', name);
    expect([checked.code, checked.out]).toEqual([0, '1 report: no fault']);
    const previewed = await rollcall('report', 'preview', name);
    expect(previewed.code, previewed.err).toBe(0);
  });

  it('makes values that BI tools load of those they do not', async () => {
    await rollcall('report', 'new', 'targets', '--from', 'custom.target');
    expect(jsonLines(await rollcall('report', 'preview', 'targets', '--json'))).toEqual([
      {
        sales_region: 'north',
        day: '2026-01-02',
        amount: '12.50',
        rank: 1,
        share: 0.5,
        tags: '{a,b}',
        order: '{"a": 1}',
        noted: '2026-01-02T03:04:00.000000Z',
        gr_e: '2 days',
      },
    ]);
  });

  it('takes the columns from the catalog where there is no warehouse, and the warehouse agrees', async () => {
    const { WAREHOUSE_URL: _, ...env } = world.env;
    const made = await runCli({ ...world, env }, 'report', 'new', 'answers', '--from', 'answers');
    expect(made.code, made.err).toBe(0);
    await rollcall('report', 'new', 'events', '--from', 'app_events');
    expect((await rollcall('report', 'check', 'events')).code).toBe(0);
  });

  it('never touches a folder that is there', async () => {
    const run = await rollcall('report', 'new', DAILY, '--from', 'app_events');
    expect(run.code).toBe(78);
    expect(run.err).toContain('is there already: take another name');
    expect(await readFile(join(reports, DAILY, 'view.sql'), 'utf8')).toBe(
      await readFile(join(SHIPPED, DAILY, 'view.sql'), 'utf8'),
    );
  });

  it.each([
    [['Bad Name', '--from', 'app_events'], 2, "a report's name is of a-z"],
    [['fine', '--from', 'app_evens'], 78, 'did you mean "app_events"?'],
    [['fine', '--from', 'app_events', '--grain', 'idd'], 2, 'did you mean "id"?'],
    [['fine', '--from', 'report.freshness'], 2, 'say which columns identify a row'],
    [['fine', '--from', 'ops.batch'], 78, 'schema ops is not for reports'],
    [['fine', '--from', 'custom.nothing'], 78, 'the warehouse has no custom.nothing'],
  ])('%j -> %i', async (args, code, sentence) => {
    const run = await rollcall('report', 'new', ...args);
    expect([run.code, run.err]).toEqual([code, expect.stringContaining(sentence)]);
    expect(await readdir(reports)).toEqual([DAILY]);
  });
});

describe('rollcall report preview', () => {
  it('shows rows, tiles and tests as the page would, and publishes nothing', async () => {
    await using warehouse = openWarehouse(platform.world.env['WAREHOUSE_URL'] ?? '');
    const before = await published(warehouse);
    const run = await rollcall('report', 'preview', DAILY, '--filter', 'day=~all', '--sort', 'day,platform');
    expect(run.code, run.err).toBe(0);
    const [, , first, second] = run.out.split('\n').map((line) => line.split(/ {2,}/));
    expect(first).toEqual(['screen_opened', '2 Jan 2026', 'android', '2']);
    expect(second).toEqual(['screen_opened', '2 Jan 2026', 'ios', '1']);
    expect(run.err).toContain('3 of 3 rows');
    expect(run.err).toContain('passed  test grain');
    expect(await published(warehouse)).toEqual(before);
  });

  it('filters and cuts off as it is asked to, as JSON too', async () => {
    const run = await rollcall('report', 'preview', DAILY, '--filter', 'platform=android', '--limit', '1', '--json');
    expect(jsonLines(run)).toEqual([{ event: 'screen_opened', day: '2026-01-02', platform: 'android', events: '2' }]);
    expect(run.err).toContain('1 of 1 rows; ');
  });

  it('computes reports that stand on others, before any of them is published', async () => {
    await mkdir(join(reports, 'daily_events'));
    await writeFile(
      join(reports, 'daily_events', 'view.sql'),
      `SELECT d.day, sum(d.events)::bigint AS events FROM report.${DAILY} d GROUP BY 1`,
    );
    await writeFile(
      join(reports, 'daily_events', 'report.yaml'),
      'report: daily_events\nrevision: 1\ntitle: T\nquestion: Q?\ndescription: D\nowner: o\ngrain: [day]\n' +
        'columns:\n  day: { type: date, description: d }\n  events: { type: int8, description: e, additive: sum }\n',
    );
    const run = await rollcall('report', 'preview', 'daily_events', '--sort', 'day', '--json');
    expect(run.code, run.err).toBe(0);
    expect(jsonLines(run)).toEqual([
      { day: '2026-01-02', events: '3' },
      { day: '2026-01-03', events: '1' },
    ]);
  });

  it('exits 1 when a test fails, and says what would be served', async () => {
    await edit('report.yaml', (yaml) =>
      yaml.replace('range: { column: events, min: 1 }', 'range: { column: events, min: 2 }'),
    );
    const run = await rollcall('report', 'preview', DAILY);
    expect(run.code).toBe(1);
    expect(run.err).toMatch(/failed +test .*: 2 offending rows; the last good state would be served/);
  });

  it('names a view that fails at run time', async () => {
    await edit('view.sql', (sql) => sql.replace('count(*) AS events', 'count(*) / (count(*) - 1) AS events'));
    const run = await rollcall('report', 'preview', DAILY);
    expect(run.code).toBe(1);
    expect(run.err).toContain(`reports/${DAILY}/view.sql: error: cannot be computed: division by zero [sql-22012]`);
  });

  it.each([
    ['svg', (bytes: Buffer) => expect(bytes.toString('utf8')).toMatch(/^<svg [^]*<\/svg>\s*$/)],
    ['png', (bytes: Buffer) => expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')],
  ])('draws a chart as %s', async (format, check) => {
    const out = join(world.dir, `daily.${format}`);
    const run = await rollcall('report', 'preview', DAILY, '--filter', 'day=~all', '--chart', 'daily', '--out', out);
    expect(run.code, run.err).toBe(0);
    check(await readFile(out));
  });

  it.each([
    [['--filter', 'day'], 'write it as name=value'],
    [['--filter', 'dya=2026-01-02'], 'dya'],
    [['--sort', 'nothing'], '--sort: '],
    [['--chart', 'dayly', '--out', 'x.svg'], 'did you mean "daily"?'],
    [['--chart', 'daily'], 'say where the chart goes'],
    [['--chart', 'daily', '--out', 'x.gif'], 'must end in .svg or .png'],
  ])('%j is a usage fault', async (args, sentence) => {
    const run = await rollcall('report', 'preview', DAILY, ...args);
    expect([run.code, run.err]).toEqual([2, expect.stringContaining(sentence)]);
  });
});

describe('rollcall report list', () => {
  it('says that nothing is served yet', async () => {
    const run = await rollcall('report', 'list');
    expect([run.code, run.out]).toEqual([0, 'nothing']);
  });

  it('shows what is served and how old it is', async () => {
    const { warehouse } = platform;
    await warehouse.query(
      `INSERT INTO ops.report (report, revision, hash, definition, datasets, reports_under, inputs, refresh_id, as_of, computed_at, seconds,
         rows, rows_changed, tests, withheld, warn_after_seconds, fail_after_seconds, held_back_kind, held_back_since, held_back_reason, announced)
       VALUES ($1, 1, 'h', '{"title":"Daily","columns":[]}', '{}', '{}', '[]', 'r1', '2026-01-03T04:05:06.000001Z', '2026-01-03T04:05:07Z', 0.1,
         1234, 0, '[{"passed":false}]', 7, 60, 120, 'test', '2026-01-03T05:00:00Z', 'test grain failed', true)`,
      [DAILY],
    );
    const run = await rollcall('report', 'list');
    const [, , line] = run.out.split('\n');
    expect(line?.split(/ {2,}/)).toEqual([
      DAILY,
      '1,234',
      'held back',
      '3 Jan 2026, 04:05 UTC',
      '3 Jan 2026, 04:05 UTC',
      '7',
      '1',
    ]);
    expect(run.err).toBe(`${DAILY} is held back: test grain failed`);
    expect(jsonLines(await rollcall('report', 'list', '--json'))).toMatchObject([
      { report: DAILY, asOf: '2026-01-03T04:05:06.000001Z', testsFailed: 1, withheld: 7 },
    ]);
    await warehouse.query('DELETE FROM ops.report');
  });
});
