import { batchLoaded, viewRefreshed, type ViewRefreshed } from '@rollcall/contracts';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { createLogger, startService, type RunningService } from '@rollcall/service';
import { testDatabase, testFolder, testNats, until, type TestFolder, type TestNats } from '@rollcall/testkit';
import { migrate, openWarehouse } from '@rollcall/warehouse';
import request from 'supertest';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../src/config.js';
import { startReporting } from '../src/start-reporting.js';
import { engineBed, type EngineBed } from './engine-bed.js';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const ANSWER = { participant_id: 'a', event_id: 'e', object_id: 'q', created_at: '2026-01-01T00:00:00Z' };

let bed: EngineBed;
let nats: TestNats;
let lake: TestFolder;
let outside: Broker;
let services: RunningService[];
let written: string[];

beforeEach(async () => {
  [bed, nats, lake] = await Promise.all([engineBed(), testNats(), testFolder()]);
  outside = await connectBroker({ url: nats.url, name: 'outside' });
  await applyTopology(outside);
  services = [];
  written = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await outside.close();
  await nats[Symbol.asyncDispose]();
  await bed[Symbol.asyncDispose]();
  await lake.remove();
});

async function start(
  env: Readonly<Record<string, string>> = {},
  wanted: 'ready' | 'unready' = 'ready',
): Promise<RunningService> {
  const config = loadConfig({
    NATS_URL: nats.url,
    WAREHOUSE_URL: bed.url,
    LAKE_URL: lake.url,
    REPORTS_DIR: bed.reportsDir,
    PORT: '0',
    ...env,
  });
  const service = await startService({
    name: 'reporting',
    log: createLogger({ name: 'reporting', level: 'info', destination: { write: (line) => void written.push(line) } }),
    start: (host) => startReporting(host, config),
  });
  services.push(service);
  if (wanted === 'ready') await service.consuming;
  return service;
}

async function load(records: readonly object[]): Promise<void> {
  const loadId = await bed.load('answers', records as never, { trace: TRACE });
  await outside.publish(batchLoaded, {
    loadId,
    dataset: 'answers',
    batchIds: ['a'.repeat(26)],
    counts: { in: 1, merged: 1, superseded: 0, duplicate: 0, quarantined: 0, held: 0, erased: 0 },
    touched: [],
    loadedAt: '2026-01-01T00:00:00Z',
    trace: TRACE,
  });
}

/** Everything that the stream of reporting holds. */
async function said(): Promise<readonly ViewRefreshed[]> {
  const { state } = await outside.jsm.streams.info('REPORTING');
  const found: ViewRefreshed[] = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const message = await outside.jsm.streams.getMessage('REPORTING', { seq });
    if (message) found.push(viewRefreshed.schema.parse(message.json()));
  }
  return found;
}

describe('the service', () => {
  it('refreshes what stands on a load and nothing else, in the trace of the load', async () => {
    await bed.shipped('answers_per_session', 'daily_events_by_platform');
    const service = await start();
    await until(async () => (await said()).length === 2, { what: 'both reports to be served' });
    await load([ANSWER]);
    const last = await until(async () => (await said()).at(2), { what: 'the refresh of the load' });
    expect(last).toMatchObject({ report: 'answers_per_session', rowsChanged: 2, heldBack: false, trace: TRACE });
    expect(last.asOf).toMatch(/^2026-/);
    expect(await said()).toHaveLength(3);
    const metrics = (await request(service.url).get('/metrics').expect(200)).text;
    expect(metrics).toMatch(/rollcall_report_refreshes_total{report="answers_per_session",outcome="refreshed".*} 2/);
    expect(metrics).toMatch(/rollcall_report_rows{report="answers_per_session".*} 2/);
    expect(await bed.rows('SELECT report FROM ops.report WHERE NOT announced')).toEqual([]);
  });

  it('waits for migrations, and then reads with the rights of a BI tool', async () => {
    await using database = await testDatabase();
    await bed.shipped('answers_per_session');
    const service = await start({ WAREHOUSE_URL: database.url }, 'unready');
    const { body } = await request(service.url).get('/readyz').expect(503);
    expect(JSON.stringify(body)).toContain('the reports are not read yet');
    await migrate({ warehouseUrl: database.url });
    await service.consuming;
    await until(async () => (await said()).length === 1, { what: 'the empty report' });
    await request(service.url).get('/api/v1/reports/answers_per_session/rows').expect(200);
    await using warehouse = openWarehouse(database.url);
    const [reader] = await warehouse.query<{ connections: number }>(
      `SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'reporting readers' AND datname = current_database()`,
    );
    expect(reader).not.toEqual({ connections: 0 });
    expect(written.join('')).not.toContain('all rights');
  });

  it('shows every replica what one of them refreshed', async () => {
    await bed.shipped('answers_per_session');
    await start();
    const second = await start();
    await load([ANSWER, { ...ANSWER, event_id: 'f' }]);
    const list = async (service: RunningService) =>
      (await request(service.url).get('/api/v1/reports')).body as {
        reports: readonly { rows: number; refreshId: string }[];
      };
    for (const service of services)
      await until(async () => (await list(service)).reports[0]?.rows === 4, { what: 'four rows in every replica' });
    const [first] = services;
    expect(first && (await list(first)).reports[0]?.refreshId).toBe((await list(second)).reports[0]?.refreshId);
  });

  it('serves an edited folder, keeps what was served while it is wrong, and says where', async () => {
    await bed.shipped('answers_per_session');
    const service = await start({ REPORTS_WATCH: 'true' });
    const reports = async () =>
      (
        (await request(service.url).get('/api/v1/reports')).body as {
          reports: readonly { title: string; faults: string[] }[];
        }
      ).reports;
    await until(async () => (await reports()).length === 1, { what: 'the report' });
    await bed.write('answers_per_session', { 'view.sql': 'SELECT nothing FROM analytics.answers' });
    await until(async () => (await reports())[0]?.faults.join().includes('view.sql:1:8'), { what: 'the fault' });
    await bed.shipped('answers_per_session');
    await until(async () => (await reports())[0]?.faults.length === 0, { what: 'the fault to be gone' });
  });
});
