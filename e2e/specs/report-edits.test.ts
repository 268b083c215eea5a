import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Problem, ReportList, Row, RowsAnswer } from '@rollcall/reports/shown';
import { testFolder, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openReportingStage, sendDemo, type ReportingStage } from '../reporting-stage.js';

const SHIPPED = join(import.meta.dirname, '../../reports');
const REPORTS = ['answers_per_session', 'daily_events_by_platform', 'sessions_per_user_month', 'shop_activity'];

describe('a folder of reports that people edit while it is served', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let stage: ReportingStage;
  let reports: string;

  beforeAll(async () => {
    folder = await testFolder();
    reports = join(folder.path, 'reports');
    await cp(SHIPPED, reports, { recursive: true });
    stage = await openReportingStage({ REPORTS_DIR: reports, REPORTS_WATCH: 'true' });
    await sendDemo(stage, 'edits');
  }, 180_000);

  afterAll(async () => {
    await stage[Symbol.asyncDispose]();
    await folder.remove();
  });

  async function list(): Promise<ReportList> {
    return stage.json<ReportList>('/api/v1/reports');
  }

  async function faultsOf(report: string): Promise<readonly string[]> {
    const { reports: good, broken } = await list();
    return (
      good.find((one) => one.report === report)?.faults ?? broken.find((one) => one.report === report)?.faults ?? []
    );
  }

  /** Saves a broken edit, waits for its fault, checks that every report still answers as before, and mends it. */
  async function breaks(
    report: string,
    file: string,
    edit: (text: string) => string,
    fault: RegExp,
    serves: readonly string[] = REPORTS,
  ): Promise<void> {
    const path = join(reports, report, file);
    const good = await readFile(path, 'utf8');
    const before = await stage.json<RowsAnswer>(`/api/v1/reports/${report}/rows`);
    expect(edit(good)).not.toBe(good);
    await writeFile(path, edit(good));
    await until(async () => (await faultsOf(report)).some((line) => fault.test(line)), {
      what: `${String(fault)} of ${report}`,
    });
    for (const name of serves) expect((await stage.get(`/api/v1/reports/${name}/rows`)).status, name).toBe(200);
    expect((await stage.json<RowsAnswer>(`/api/v1/reports/${report}/rows`)).rows).toEqual(before.rows);
    await writeFile(path, good);
    await until(async () => (await faultsOf(report)).length === 0, { what: `no fault of ${report}` });
  }

  it('names a wrong column by file, line and column, and serves the last good revision', async () => {
    await breaks(
      'answers_per_session',
      'view.sql',
      (text) => text.replace('s.participants', 's.particpants'),
      /view\.sql:8:\d+: error: .*particpants.*\[sql-42703\]/,
    );
  });

  it('names an unknown key and what it may have meant', async () => {
    await breaks(
      'daily_events_by_platform',
      'report.yaml',
      (text) => text.replace('owner:', 'ownr:'),
      /report\.yaml:\d+:1: error: .*"ownr".*owner/,
    );
  });

  it('names a chart that sums what must not be summed', async () => {
    await breaks(
      'answers_per_session',
      'report.yaml',
      (text) => text.replace('sum(answers)', 'sum(participants)'),
      /report\.yaml:\d+:\d+: error: .*participants.*\[not-additive\]/,
    );
  });

  it('names a chart of a column that is not there', async () => {
    await breaks(
      'daily_events_by_platform',
      'report.yaml',
      (text) => text.replace('color: platform', 'color: plattform'),
      /report\.yaml:\d+:\d+: error: .*plattform.*platform/,
    );
  });

  it('names a circle of reports, and the others keep serving', async () => {
    const edit = (other: string) => (text: string) => text.replace(/\nFROM /, `\nFROM report.${other} other, `);
    const one = join(reports, 'answers_per_session', 'view.sql');
    const good = await readFile(one, 'utf8');
    await writeFile(one, edit('daily_events_by_platform')(good));
    await breaks(
      'daily_events_by_platform',
      'view.sql',
      edit('answers_per_session'),
      /answers_per_session.*daily_events_by_platform|daily_events_by_platform.*answers_per_session/,
    );
    await writeFile(one, good);
    await until(async () => (await faultsOf('answers_per_session')).length === 0, { what: 'no fault' });
  });

  it('does not serve an edit that checks well and fails on its first row', async () => {
    await breaks(
      'daily_events_by_platform',
      'view.sql',
      (text) => text.replace('count(*) AS events', 'count(*) / (count(*) - count(*)) AS events'),
      /view\.sql.*error: division by zero/,
    );
  });

  it('serves the last good rows of a view that fails on a later load, says so, and goes on when it is mended', async () => {
    const path = join(reports, 'daily_events_by_platform', 'view.sql');
    const good = await readFile(path, 'utf8');
    const rows = (): Promise<readonly Row[]> => stage.rows('daily_events_by_platform', 'day=~all');
    const before = await rows();
    const { hash } = await stage.describe('daily_events_by_platform');
    await writeFile(
      path,
      good.replace('count(*) AS events', "count(*) / CASE WHEN e.event = 'poison' THEN 0 ELSE 1 END AS events"),
    );
    await until(async () => (await stage.describe('daily_events_by_platform')).hash !== hash, { what: 'the edit' });
    const instant = new Date().toISOString();
    const event = { id: 'P', event: 'poison', received_at: instant, timestamp: instant, context_device_type: 'ios' };
    await fetch(`${stage.stage.platform.httpUrl}/v1/events/app_events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(event),
    });
    const held = await until(async () => (await stage.describe('daily_events_by_platform')).heldBack ?? undefined, {
      what: 'a report that is held back',
    });
    expect(held.reason).toContain('division by zero');
    expect(held.reason).toContain('view.sql');
    expect(await rows()).toEqual(before);
    expect((await stage.describe('daily_events_by_platform')).health).toBe('degraded');
    expect((await stage.describe('answers_per_session')).heldBack).toBeNull();
    await writeFile(path, good);
    await until(async () => (await stage.describe('daily_events_by_platform')).heldBack === null, { what: 'mended' });
    await until(async () => (await rows()).some((row) => row['event'] === 'poison'), {
      what: 'the event in the report',
    });
  });

  it('serves a new folder as soon as it is right, and no longer when it is gone', async () => {
    const dir = join(reports, 'events_per_day');
    await mkdir(dir);
    await writeFile(
      join(dir, 'view.sql'),
      'SELECT day, sum(events)::bigint AS events\nFROM report.daily_events_by_platform\nGROUP BY day\n',
    );
    await until(async () => (await faultsOf('events_per_day')).length > 0, { what: 'a folder without report.yaml' });
    await writeFile(
      join(dir, 'report.yaml'),
      [
        'report: events_per_day',
        'revision: 1',
        'title: Events per day',
        'question: How many events happened each day?',
        'description: All platforms and names together.',
        'owner: product',
        'grain: [day]',
        'columns:',
        '  day: { type: date, label: Day, description: In UTC }',
        '  events: { type: int8, label: Events, additive: sum, description: Distinct events }',
        'evidence:',
        '  app_events:',
        "    sql: SELECT e._batch_id, e._position FROM analytics.app_events e WHERE (e.timestamp AT TIME ZONE 'UTC')::date = :day",
        '    proves: { events: count(*) }',
        'show:',
        '  - table: { sort: -day }',
        '',
      ].join('\n'),
    );
    const rows = await until(
      async () => {
        const { reports: good } = await list();
        return good.find((one) => one.report === 'events_per_day')?.rows;
      },
      { what: 'the new report' },
    );
    const days = new Set((await stage.rows('daily_events_by_platform', 'day=~all')).map((row) => row['day']));
    expect(rows).toBe(days.size);
    await rm(dir, { recursive: true });
    await until(async () => (await stage.get('/api/v1/reports/events_per_day')).status === 404, {
      what: 'no such report',
    });
    const problem = (await (await stage.get('/api/v1/reports/answers_per_sesion')).json()) as Problem;
    expect(problem.detail).toContain('answers_per_session');
  });
});
