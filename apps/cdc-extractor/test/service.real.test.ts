import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mergeBatches, readBatches } from './merged-lake.js';
import { ServiceWorld } from './service-world.js';

const SHOP = ['source: shop', 'kind: postgres', 'connection: SHOP_URL'];
const USERS = '  users: { from: public.users, key: [id], capture: { mode: full } }';

let world: ServiceWorld;
beforeEach(async () => {
  world = await ServiceWorld.make(
    'CREATE TABLE users (id int PRIMARY KEY, name text)',
    `INSERT INTO users SELECT i, 'user ' || i FROM generate_series(1, 100) i`,
  );
});
afterEach(async () => {
  await world[Symbol.asyncDispose]();
});

const merged = async (dataset: string) => mergeBatches(await readBatches(world.lake, dataset), ['id']);

async function readiness(url: string): Promise<{ status: number; body: string }> {
  const answer = await fetch(`${url}/readyz`);
  return { status: answer.status, body: await answer.text() };
}

describe('cdc-extractor', () => {
  it('reads by its schedule, once for all replicas', async () => {
    await world.catalog('shop', ...SHOP, 'schedule: { every: 1d }', 'datasets:', USERS);
    await Promise.all([world.start(), world.start()]);
    const run = await world.finished(({ requestedBy }) => requestedBy === 'schedule');
    expect(run).toMatchObject({ source: 'shop', kind: 'postgres', verdict: 'succeeded', read: 100, rejected: 0 });
    expect(run.runId).toMatch(/^tick:shop:\d{4}-\d\d-\d\dT00:00:00Z$/);
    expect(await merged('users')).toHaveLength(100);
    expect(await world.finishedRuns()).toHaveLength(1);
  });

  it('runs what is asked for, also dry, and says what it does not know', async () => {
    await world.catalog('shop', ...SHOP, 'datasets:', USERS);
    await world.start();
    await world.request('dry', { dryRun: true });
    expect(await world.finished(({ runId }) => runId === 'dry')).toMatchObject({
      verdict: 'dry-run',
      read: 100,
      batches: 0,
    });
    expect(await merged('users')).toEqual([]);
    await world.request('wet', { dataset: 'users' });
    expect(await world.finished(({ runId }) => runId === 'wet')).toMatchObject({ verdict: 'succeeded', read: 100 });
    await world.request('strange', { dataset: 'nobody' });
    expect(await world.finished(({ runId }) => runId === 'strange')).toMatchObject({
      verdict: 'failed',
      code: 'load/unknown-dataset',
    });
  });

  it('is not ready while a source cannot be read, names every fault, and reads the others', async () => {
    await world.catalog('shop', ...SHOP, 'datasets:', USERS);
    await world.catalog(
      'desk',
      'source: desk',
      'kind: postgres',
      'connection: DESK_URL',
      'datasets:',
      '  seats: { from: public.seats, key: [id], capture: { mode: full } }',
      '  guests: { from: public.users, key: [nobody], capture: { mode: full } }',
    );
    const service = await world.start({ DESK_URL: world.database.url });
    const bad = await until(
      async () => {
        const { status, body } = await readiness(service.url);
        return status === 503 && body.includes('seats') ? body : undefined;
      },
      { what: 'the faults of the source' },
    );
    expect(bad).toContain('there is no table public.seats');
    expect(bad).toContain('nobody');
    expect(bad).toContain('source/unfit');
    await world.request('shop-run');
    expect(await world.finished(({ runId }) => runId === 'shop-run')).toMatchObject({
      verdict: 'succeeded',
      read: 100,
    });
    await world.request('desk-run', { source: 'desk', dataset: 'seats' });
    expect(await world.finished(({ runId }) => runId === 'desk-run')).toMatchObject({
      verdict: 'failed',
      code: 'source/unfit',
    });
    await world.request('guests-run', { source: 'desk', dataset: 'guests' });
    expect(await world.finished(({ runId }) => runId === 'guests-run')).toMatchObject({ verdict: 'failed', read: 0 });
    await world.client.query(`CREATE TABLE seats (id int PRIMARY KEY);
      ALTER TABLE users ADD COLUMN nobody int UNIQUE NOT NULL GENERATED ALWAYS AS IDENTITY`);
    await until(
      async () => {
        const { status, body } = await readiness(service.url);
        if (status !== 200) throw new Error(body);
        return true;
      },
      { what: 'the source to be fit' },
    );
  });

  it('goes on while a source is down', async () => {
    await world.catalog('shop', ...SHOP, 'datasets:', USERS);
    await world.catalog(
      'desk',
      'source: desk',
      'kind: postgres',
      'connection: DESK_URL',
      'datasets:',
      '  seats: { key: [id], capture: { mode: full } }',
    );
    const service = await world.start({ DESK_URL: 'postgres://rollcall:hunter2@127.0.0.1:1/nothing' });
    await world.request('shop-run');
    expect(await world.finished(({ runId }) => runId === 'shop-run')).toMatchObject({ verdict: 'succeeded' });
    await world.request('desk-run', { source: 'desk' });
    expect(await world.finished(({ runId }) => runId === 'desk-run')).toMatchObject({
      verdict: 'failed',
      code: 'source/unavailable',
    });
    const { status, body } = await readiness(service.url);
    expect(status).toBe(503);
    expect(body).toContain('source/unavailable');
    expect(body).not.toContain('hunter2');
  });

  it('names every connection that is not set, at the start', async () => {
    await world.catalog(
      'shop',
      ...SHOP,
      'datasets:',
      '  users: { key: [id], capture: { mode: watermark, cursor: id, horizon_connection: PRIMARY_URL } }',
    );
    await expect(world.start({ SHOP_URL: '' })).rejects.toThrow(/SHOP_URL: is missing\nPRIMARY_URL: is missing/);
  });
});
