import { appEvents, batchWritten, runRequested } from '@rollcall/contracts';
import { applyTopology, connectBroker, consumerLag, type Broker } from '@rollcall/messaging';
import { testNats, until, type TestNats } from '@rollcall/testkit';
import request from 'supertest';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createLogger, Secret, startService, type RunningService, type ServiceOptions } from '../src/index.js';
import { BATCH } from './batch-message.js';
import { DemoModule, away, freshSeen, type Seen } from './demo-app.js';

let nats: TestNats;
let outside: Broker;
let seen: Seen;
let services: RunningService[];
let written: string[];

beforeEach(async () => {
  nats = await testNats();
  outside = await connectBroker({ url: nats.url, name: 'outside', ackTimeoutMs: 2_000 });
  seen = freshSeen();
  services = [];
  written = [];
});
afterEach(async () => {
  for (const service of services) await service.stop();
  await outside.close();
  await nats[Symbol.asyncDispose]();
});

async function start(parts: Partial<Awaited<ReturnType<ServiceOptions['start']>>> = {}): Promise<RunningService> {
  const service = await startService({
    name: 'demo',
    log: createLogger({ name: 'demo', level: 'info', destination: { write: (line) => void written.push(line) } }),
    start: async (host) => ({
      module: DemoModule,
      http: { HOST: '127.0.0.1', PORT: 0 },
      broker: await host.connect({ NATS_URL: new Secret(nats.url) }),
      ...parts,
    }),
  });
  services.push(service);
  return service;
}

async function startReady(): Promise<RunningService> {
  await applyTopology(outside);
  const service = await start();
  await service.consuming;
  return service;
}

async function settled(stream: string, durable: string): Promise<void> {
  await until(
    async () => {
      const { pending, ackPending } = await consumerLag(outside, stream, durable);
      return pending + ackPending === 0;
    },
    { what: `${durable} to have settled everything` },
  );
}

test('a batch handler gets arrays and gives each message its verdict', async () => {
  await startReady();
  const messages = ['a', 'poison', 'b'].map((id) => ({ message: { id } }));
  await outside.publishMany(appEvents('clicks'), messages);
  await settled('EVENTS', 'ingest-logs-events');
  expect(seen.events.flat().toSorted()).toEqual(['{"id":"a"}', '{"id":"b"}', '{"id":"poison"}']);
  expect((await outside.jsm.streams.info('DEAD')).state.messages).toBe(1);
});

test('a handler with a contract gets parsed messages; what does not fit is buried unseen', async () => {
  await startReady();
  const run = { runId: 'r1', source: 'answers', requestedBy: 'me', requestedAt: '2026-01-01T00:00:00Z' };
  await outside.publish(runRequested('logs'), run);
  await outside.nc.request('run.v1.requested.logs', '{"nonsense":1}');
  await settled('RUNS', 'ingest-logs-runs');
  expect(seen.runs).toEqual(['r1']);
  const letter = await outside.jsm.streams.getMessage('DEAD', { seq: 1 });
  expect(letter?.json()).toMatchObject({ code: 'message/invalid', subject: 'run.v1.requested.logs' });
});

test('an error of the world reaches the loop as it is: the message is retried', async () => {
  await startReady();
  seen.failWith.push(away());
  await outside.publish(batchWritten, BATCH);
  await settled('LAKE', 'loader-batches');
  expect(seen.batches).toEqual([1, 2]);
  expect(written.join('')).toContain('the lake is away');
});

test('an error nobody knows fails the service and leaves the message', async () => {
  const service = await startReady();
  seen.failWith.push(new TypeError('a bug'));
  await outside.publish(batchWritten, BATCH);
  expect(await service.failed).toBeInstanceOf(TypeError);
  expect(await service.stop()).toEqual([]);
  expect((await consumerLag(outside, 'LAKE', 'loader-batches')).ackPending).toBe(1);
});

test('answers about itself', async () => {
  const service = await startReady();
  const http = request(service.url);
  await http.get('/healthz').expect(200, { alive: true });
  const ready = await http.get('/readyz').expect(200);
  expect(ready.body).toEqual({
    ready: true,
    checks: [
      { name: 'nats', ok: true },
      { name: 'nats-topology', ok: true },
    ],
  });
  await http.get('/hello').expect(200, 'hello');
  await http.get('/nowhere').expect(404);
});

test('shows metrics of its consumers', async () => {
  const service = await startReady();
  await outside.publishMany(
    appEvents('clicks'),
    ['a', 'poison'].map((id) => ({ message: { id } })),
  );
  await settled('EVENTS', 'ingest-logs-events');
  const { text, headers } = await request(service.url).get('/metrics').expect(200);
  expect(headers['content-type']).toContain('text/plain');
  const labels = 'durable="ingest-logs-events"';
  expect(text).toMatch(new RegExp(`rollcall_consumer_deliveries_total\\{${labels},service="demo"\\} 2`));
  expect(text).toMatch(new RegExp(`rollcall_consumer_settled_total\\{${labels},do="ack",code="",service="demo"\\} 1`));
  expect(text).toMatch(
    new RegExp(`rollcall_consumer_settled_total\\{${labels},do="bury",code="poison",service="demo"\\} 1`),
  );
  expect(text).toMatch(new RegExp(`rollcall_consumer_pending\\{${labels},service="demo"\\} 0`));
  expect(text).toMatch(new RegExp(`rollcall_consumer_handler_seconds_count\\{service="demo",${labels}\\} [12]`));
  expect(text).toMatch(new RegExp(`rollcall_consumer_ack_pending\\{${labels},service="demo"\\} 0`));
  expect(text).toContain('process_resident_memory_bytes');
});

test('is unready and takes nothing until everything it needs is there', async () => {
  await applyTopology(outside);
  let migrated = false;
  const service = await start({
    ready: [{ name: 'schema', check: () => (migrated ? Promise.resolve() : Promise.reject(away())) }],
  });
  await outside.publish(batchWritten, BATCH);
  const unready = await request(service.url).get('/readyz').expect(503);
  expect(unready.body).toMatchObject({
    ready: false,
    checks: expect.arrayContaining([expect.objectContaining({ name: 'schema', ok: false })]),
  });
  await request(service.url).get('/healthz').expect(200);
  expect(await consumerLag(outside, 'LAKE', 'loader-batches')).toMatchObject({ pending: 1, ackPending: 0 });
  migrated = true;
  await service.consuming;
  await settled('LAKE', 'loader-batches');
});

test('starts before the topology exists and says what is missing', async () => {
  const service = await start();
  const unready = await request(service.url).get('/readyz').expect(503);
  expect(unready.text).toContain('stream EVENTS is missing');
  await applyTopology(outside);
  await service.consuming;
  await request(service.url).get('/readyz').expect(200);
});

test('turns unready while the broker is away, stays alive, and comes back', async () => {
  const service = await startReady();
  await nats.stop();
  await until(async () => (await request(service.url).get('/readyz')).status === 503, { what: 'unready' });
  await request(service.url).get('/healthz').expect(200);
  expect((await request(service.url).get('/metrics').expect(200)).text).toContain('rollcall_consumer_stalled');
  await nats.restart();
  await until(async () => (await request(service.url).get('/readyz')).status === 200, { what: 'ready' });
  await outside.whenConnected(15_000);
  await outside.publish(batchWritten, BATCH);
  await settled('LAKE', 'loader-batches');
});

test('a start that fails closes the connections it made', async () => {
  let broker: Broker | undefined;
  const starting = startService({
    name: 'demo',
    log: createLogger({ name: 'demo', level: 'silent' }),
    start: async (host) => {
      broker = await host.connect({ NATS_URL: new Secret(nats.url) });
      throw away();
    },
  });
  await expect(starting).rejects.toThrow('the lake is away');
  expect(broker?.nc.isClosed()).toBe(true);
});

test('a stop lets the handler finish, acknowledges, and closes everything', async () => {
  const service = await startReady();
  await outside.publishMany(
    appEvents('clicks'),
    Array.from({ length: 500 }, (_, n) => ({ message: { id: `e${n}` } })),
  );
  await until(() => seen.events.length > 0, { what: 'the first batch' });
  expect(await service.stop()).toEqual([]);
  const { ackPending, pending } = await consumerLag(outside, 'EVENTS', 'ingest-logs-events');
  expect(ackPending).toBe(0);
  expect(seen.events.flat()).toHaveLength(500 - pending);
  await expect(fetch(`${service.url}/healthz`)).rejects.toThrow();
  expect(await service.stop()).toEqual([]);
});
