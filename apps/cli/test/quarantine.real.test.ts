import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { listQuarantine, warehouseDigest } from '@rollcall/warehouse';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli } from './run-cli.js';
import { event, smallPlatform, type SmallPlatform } from './small-platform.js';

let platform: SmallPlatform;
let broker: Broker;
beforeEach(async () => {
  platform = await smallPlatform();
  broker = await connectBroker({ url: platform.nats.url, name: 'test' });
  await applyTopology(broker);
});
afterEach(async () => {
  await broker.close();
  await platform[Symbol.asyncDispose]();
});

async function eventsSent(): Promise<number> {
  return (await broker.jsm.streams.info('EVENTS')).state.messages;
}

async function open(): Promise<readonly string[]> {
  return (await listQuarantine(platform.warehouse, { status: 'open' })).map(({ id }) => id);
}

describe('rollcall quarantine: records that could not be read', () => {
  beforeEach(async () => {
    await platform.rejected('b', [
      { text: JSON.stringify(event('A')), reason: 'missing-key' },
      { text: '{"id": broken', reason: 'not-json' },
    ]);
  });

  it('lists them by reason and never shows the content', async () => {
    const run = await runCli(platform.world, 'quarantine', 'list', '--json');
    expect(jsonLines(run).map((line) => line['reason'])).toEqual(['missing-key', 'not-json']);
    expect(run.out).not.toContain('screen_opened');
    const some = await runCli(
      platform.world,
      'quarantine',
      'list',
      '--reason',
      'not-json',
      '--dataset',
      'app_events',
      '--since',
      '1h',
    );
    expect(some.out).toContain('not-json');
    expect(some.out).not.toContain('missing-key');
    expect((await runCli(platform.world, 'quarantine', 'list', '--dataset', 'answers')).out).toBe('nothing');
  });

  it('reveals one to the holder of the key, on request', async () => {
    const [id = ''] = await open();
    expect((await runCli(platform.world, 'quarantine', 'show', id)).out).not.toContain('screen_opened');
    expect((await runCli(platform.world, 'quarantine', 'show', id, '--reveal')).out).toContain('screen_opened');
    const world = { ...platform.world, env: { ...platform.world.env, QUARANTINE_KEY: 'another key' } };
    expect((await runCli(world, 'quarantine', 'show', id, '--reveal')).code).toBe(78);
    expect((await runCli(platform.world, 'quarantine', 'show', '999')).code).toBe(1);
    expect((await runCli(platform.world, 'quarantine', 'show', 'abc')).code).toBe(2);
  });

  it('replays what can be sent, says what cannot, and doing it twice is doing it once', async () => {
    const [, broken = ''] = await open();
    const dry = await runCli(platform.world, 'quarantine', 'replay', '--all', '--dry-run');
    expect(dry.out.split('\n')).toHaveLength(2);
    expect(await eventsSent()).toBe(0);

    const first = await runCli(platform.world, 'quarantine', 'replay', '--all');
    expect(first).toMatchObject({ code: 1, out: '1 replayed, 1 still refused' });
    expect(first.err).toContain('--with');
    expect(await open()).toEqual([broken]);
    await platform.warehouse.query(`UPDATE ops.quarantine SET status = 'open' WHERE id <> $1`, [broken]);
    await runCli(platform.world, 'quarantine', 'replay', '--reason', 'missing-key');
    expect(await eventsSent()).toBe(1);
    const message = await broker.jsm.streams.getMessage('EVENTS', { seq: 1 });
    expect(message?.json()).toEqual(event('A'));
    expect(message?.header.get('Nats-Msg-Id')).toMatch(/^app_events:0000-[0-9a-f-]+:replay:1$/);
  });

  it('replays one record with a mended content', async () => {
    const [, broken = ''] = await open();
    const mended = join(platform.world.dir, 'mended.json');
    await writeFile(mended, JSON.stringify(event('B')));
    expect((await runCli(platform.world, 'quarantine', 'replay', '--all', '--with', mended)).code).toBe(2);
    expect((await runCli(platform.world, 'quarantine', 'replay', broken, '--with', mended)).code).toBe(0);
    expect((await broker.jsm.streams.getMessage('EVENTS', { seq: 1 }))?.json()).toEqual(event('B'));
  });

  it('discards, once, and keeps a note of who did', async () => {
    const [id = ''] = await open();
    expect((await runCli(platform.world, 'quarantine', 'discard')).code).toBe(2);
    expect((await runCli(platform.world, 'quarantine', 'discard', id)).out).toBe('1 discarded');
    expect((await runCli(platform.world, 'quarantine', 'discard', id)).out).toBe('0 discarded');
    const audit = await platform.warehouse.query<{ action: string; actor: string }>(
      'SELECT action, actor FROM ops.audit',
    );
    expect(audit).toEqual([{ action: 'quarantine.discard', actor: expect.stringMatching(/^cli:/) as string }]);
  });
});

describe('rollcall quarantine: rows that the contract refused', () => {
  it('loads them again under the mended contract', async () => {
    await platform.events('b', [event('A'), event('B', { user_id: 'not a number' })]);
    expect(await open()).toHaveLength(1);
    const refused = await runCli(platform.world, 'quarantine', 'replay', '--all');
    expect(refused).toMatchObject({ code: 1, out: '0 replayed, 1 still refused' });

    const catalog = join(platform.world.dir, 'catalog');
    await cp(platform.world.env['CATALOG_DIR'] ?? '', catalog, { recursive: true });
    const file = join(catalog, 'app-events.yaml');
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/types: quarantine/);
    await writeFile(file, text.replace('types: quarantine', 'types: keep'));
    const mended = await runCli(platform.world, 'quarantine', 'replay', '--all', '--catalog', catalog);
    expect(mended, mended.err).toMatchObject({ code: 0, out: '1 replayed, 0 still refused' });
    expect(await open()).toEqual([]);
    const rows = await platform.warehouse.query<{ id: string }>('SELECT id FROM analytics.app_events ORDER BY id');
    expect(rows.map(({ id }) => id)).toEqual(['A', 'B']);
    const before = await warehouseDigest(platform.warehouse);
    await runCli(platform.world, 'quarantine', 'replay', '--all', '--catalog', catalog);
    expect(await warehouseDigest(platform.warehouse)).toEqual(before);
  });
});
