import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { applyTopology, connectBroker, type Broker } from '@rollcall/messaging';
import { createLogger, startService } from '@rollcall/service';
import { testDatabase, testFolder, testNats, until, type TestNats } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildProgram } from '../src/command/build-program.js';
import { loadConfig } from '../src/config.js';
import { connect } from '../src/database/connect.js';
import type { EventTally } from '../src/events/event-tally.js';
import { startSimulator } from '../src/service/start-simulator.js';
import type { ShopTally } from '../src/shop/play-steps.js';

describe('the simulator on a real broker', () => {
  let nats: TestNats;
  let broker: Broker;

  beforeAll(async () => {
    nats = await testNats();
    broker = await connectBroker({ url: nats.url, name: 'test' });
    await applyTopology(broker);
  });
  beforeEach(() => broker.jsm.streams.purge('EVENTS'));
  afterAll(async () => {
    await broker.close();
    await nats[Symbol.asyncDispose]();
  });

  async function storedTexts(): Promise<readonly string[]> {
    const { state } = await broker.jsm.streams.info('EVENTS');
    const numbers = Array.from({ length: state.messages }, (_, index) => state.first_seq + index);
    const stored = await Promise.all(numbers.map((seq) => broker.jsm.streams.getMessage('EVENTS', { seq })));
    return stored.map((message) => message?.string() ?? '');
  }

  async function run(...args: string[]): Promise<EventTally & { readonly knownToTarget: number }> {
    let printed: unknown;
    const world = {
      env: { NATS_URL: nats.url },
      signal: new AbortController().signal,
      nowMs: () => Date.parse('2026-05-01T12:00:00Z'),
      randomSeed: () => 'made-up',
      print: (result: unknown) => (printed = result),
      note: () => undefined,
    };
    await buildProgram(world, () => Promise.resolve()).parseAsync(args, { from: 'user' });
    return printed as EventTally & { readonly knownToTarget: number };
  }

  it('puts on the bus exactly what its tally says', async () => {
    const args = ['--rate', 'max', '--total', '3000', '--duplicates', '5%', '--dirty', '3%', '--seed', 'one'];
    const tally = await run('events', ...args);
    const texts = await storedTexts();
    expect(tally.knownToTarget).toBe(tally.duplicatesSameMessageId);
    expect(texts).toHaveLength(3000 - tally.duplicatesSameMessageId);
    const wellFormed = texts.filter((text) => /^\{"id":"[0-9A-F-]{36}","received_at":"20.*\}$/.test(text));
    const ids = new Set(wellFormed.map((text) => text.slice(7, 43)));
    expect(ids.size).toBe(tally.distinctIds + countOf(wellFormed, isWrong));
    expect(countOf(texts, (text) => text.includes('"user_id":"abc"'))).toBeGreaterThan(0);
    expect(tally.distinctIds + tally.duplicates + tally.malformed).toBe(3000);
  });

  it('sends the same again for the same seed, which the broker knows', async () => {
    await run('events', '--rate', 'max', '--total', '500', '--seed', 'two');
    const again = await run('events', '--rate', 'max', '--total', '500', '--seed', 'two');
    expect(again.knownToTarget).toBe(500);
    expect(await storedTexts()).toHaveLength(500);
  });

  it('waits for a broker that is away and loses nothing', async () => {
    const sending = run('events', '--rate', '500', '--total', '1500', '--seed', 'three');
    await until(async () => (await storedTexts()).length > 200, { what: 'the first events' });
    await nats.restart();
    const tally = await sending;
    expect(tally.distinctIds).toBe(1500);
    await until(() => broker.connected, { what: 'the connection of the test' });
    const ids = new Set((await storedTexts()).map((text) => text.slice(7, 43)));
    expect(ids.size).toBe(1500);
  });

  it('keeps a shop and a registration desk, and leaves nothing open', async () => {
    await using database = await testDatabase();
    const config = loadConfig({
      NATS_URL: nats.url,
      EVENT_RATE: '0',
      SHOP_OWNER_URL: database.url,
      SHOP_RATE: '200',
      REGISTRATION_OWNER_URL: database.url,
      REGISTRATION_RATE: '100',
      EXTRACT_PASSWORD: 'a password',
      PORT: '0',
    });
    const log = createLogger({ name: 'simulator', level: 'silent' });
    const service = await startService({
      name: 'simulator',
      log,
      start: (host) => startSimulator(host, config, { nowMs: () => Date.now(), randomSeed: () => 'serve' }),
    });
    const tally = async (): Promise<Tally> => (await (await fetch(new URL('/v1/tally', service.url))).json()) as Tally;
    await until(async () => ((await tally()).shop?.committed ?? 0) > 20, { what: 'transactions', timeoutMs: 40_000 });
    await until(async () => ((await tally()).registrationChanges ?? 0) > 5, { what: 'changes at the desk' });
    expect((await tally()).shop?.refused).toEqual({});
    expect(await service.stop()).toEqual([]);
    await using connection = await connect(database.url);
    const open = await connection.client.query(
      `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'`,
    );
    expect(open.rowCount).toBe(0);
  });

  it('serves: sends at its rate, drops answers, can be turned, and stops in order', async () => {
    await using drops = await testFolder();
    const config = loadConfig({
      NATS_URL: nats.url,
      DROPS_URL: drops.url,
      EVENT_RATE: '200',
      ANSWERS_ROWS: '300',
      SEED: 'serve',
      PORT: '0',
    });
    const log = createLogger({ name: 'simulator', level: 'silent' });
    const service = await startService({
      name: 'simulator',
      log,
      start: (host) => startSimulator(host, config, { nowMs: () => Date.now(), randomSeed: () => 'unused' }),
    });
    const get = async (path: string): Promise<unknown> => (await fetch(new URL(path, service.url))).json();
    expect(await get('/healthz')).toEqual({ alive: true });
    await until(async () => ((await get('/readyz')) as { ready: boolean }).ready, { what: 'readiness' });
    await until(async () => ((await get('/v1/tally')) as Tally).events.sent > 50, { what: 'events' });
    await until(async () => ((await get('/v1/tally')) as Tally).answersFiles === 1, { what: 'an answers file' });
    const rate = (body: unknown): Promise<Response> =>
      fetch(new URL('/v1/rate', service.url), {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await rate({ eventsPerSecond: -1 })).status).toBe(400);
    expect((await rate({ eventsPerSecond: 0 })).status).toBe(204);
    const resting = await until(
      async () => {
        const [before, after] = [(await get('/v1/tally')) as Tally, (await get('/v1/tally')) as Tally];
        return before.events.sent === after.events.sent && after;
      },
      { what: 'rest', everyMs: 100 },
    );
    expect(await service.stop()).toEqual([]);
    expect((await storedTexts()).length).toBe(resting.events.sent - resting.events.duplicatesSameMessageId);
    const [file = ''] = await readdir(join(drops.path, 'answers'));
    const text = await readFile(join(drops.path, 'answers', file), 'utf8');
    expect(text.startsWith('user,anonymous,event_id,question_id,sent_at\r\n')).toBe(true);
    expect(text.split('\r\n').length).toBeGreaterThan(250);
  });
});

interface Tally {
  readonly events: EventTally;
  readonly answersFiles: number;
  readonly shop?: ShopTally;
  readonly registrationChanges?: number;
}

function countOf(texts: readonly string[], test: (text: string) => boolean): number {
  return texts.filter(test).length;
}

function isWrong(text: string): boolean {
  return /"user_id":"(abc|12\.5)"|"yesterday"|-02-31|"sometimes"/.test(text);
}
