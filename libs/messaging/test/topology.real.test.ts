import { CONSUMERS, STREAMS, TOPOLOGY_VERSION } from '@rollcall/contracts';
import { testNats, type TestNats } from '@rollcall/testkit';
import { afterAll, beforeAll, beforeEach, afterEach, expect, test } from 'vitest';
import { applyTopology, checkTopology, connectBroker, type Broker } from '../src/index.js';

let nats: TestNats;
let broker: Broker;

beforeAll(async () => {
  nats = await testNats();
});
afterAll(async () => {
  await nats[Symbol.asyncDispose]();
});
beforeEach(async () => {
  broker = await connectBroker({ url: nats.url, name: 't' });
});
afterEach(async () => {
  for (const { name } of STREAMS) await broker.jsm.streams.delete(name).catch(() => false);
  await broker.close();
});

async function describeStream(name: string, description: string): Promise<void> {
  await broker.jsm.streams.update(name, { description });
}

test('makes everything once, and then changes nothing', async () => {
  const first = await applyTopology(broker);
  expect(first.created).toHaveLength(STREAMS.length + CONSUMERS.length);
  await checkTopology(broker);
  const second = await applyTopology(broker);
  expect(second).toMatchObject({ created: [], updated: [] });
  expect(second.unchanged).toHaveLength(STREAMS.length + CONSUMERS.length);
});

test('may be applied twice at once', async () => {
  await using other = await connectBroker({ url: nats.url, name: 't2' });
  await Promise.all([applyTopology(broker), applyTopology(other)]);
  await checkTopology(broker);
});

test('names everything that is missing, older, or not ours', async () => {
  await applyTopology(broker);
  await broker.jsm.streams.delete('LAKE');
  await broker.jsm.consumers.delete('EVENTS', 'ingest-logs-events');
  await describeStream('RUNS', 'rollcall topology 0');
  await describeStream('DEAD', 'somebody else');
  const error: unknown = await checkTopology(broker).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'nats/topology' });
  expect(String(error)).toContain('stream LAKE is missing');
  expect(String(error)).toContain('consumer LAKE/loader-batches is missing');
  expect(String(error)).toContain('consumer EVENTS/ingest-logs-events is missing');
  expect(String(error)).toContain(`stream RUNS is of version 0, not ${TOPOLOGY_VERSION}`);
  expect(String(error)).toContain('stream DEAD was not made by Rollcall');
});

test('mends what is older or was changed by hand, and keeps its messages', async () => {
  await applyTopology(broker);
  await broker.nc.request('events.v1.x', '{}');
  await broker.jsm.streams.update('EVENTS', { description: 'rollcall topology 0', max_bytes: 1_000_000 });
  await broker.jsm.consumers.update('LAKE', 'loader-batches', { ack_wait: 1_000_000_000 });
  const applied = await applyTopology(broker);
  expect(applied.updated).toEqual(['stream EVENTS', 'consumer LAKE/loader-batches']);
  expect((await broker.jsm.streams.info('EVENTS')).state.messages).toBe(1);
  await checkTopology(broker);
});

test('mends a consumer that an older release made, also after the server was restarted', async () => {
  await applyTopology(broker);
  await broker.jsm.consumers.update('LAKE', 'loader-batches', { ack_wait: 60_000_000_000 });
  await broker.close();
  await nats.stop();
  await nats.restart();
  broker = await connectBroker({ url: nats.url, name: 't' });
  expect((await applyTopology(broker)).updated).toEqual(['consumer LAKE/loader-batches']);
  await checkTopology(broker);
});

test('refuses to touch what a newer release made', async () => {
  await applyTopology(broker);
  await describeStream('EVENTS', `rollcall topology ${TOPOLOGY_VERSION + 1}`);
  await broker.jsm.streams.delete('LAKE');
  await expect(applyTopology(broker)).rejects.toMatchObject({
    code: 'nats/topology',
    message: expect.stringContaining(`stream EVENTS is of version ${TOPOLOGY_VERSION + 1}, newer than`),
  });
  await expect(broker.jsm.streams.info('LAKE')).rejects.toThrow('stream not found');
});

test('an older release is content with a newer topology', async () => {
  await applyTopology(broker);
  await describeStream('EVENTS', `rollcall topology ${TOPOLOGY_VERSION + 1}`);
  await checkTopology(broker);
});

test('refuses a stream of the same name that is not ours', async () => {
  await broker.jsm.streams.add({ name: 'EVENTS', subjects: ['mine'] });
  await expect(applyTopology(broker)).rejects.toMatchObject({
    code: 'nats/topology',
    message: expect.stringContaining('stream EVENTS exists and was not made by Rollcall'),
  });
});

test('names a change that the server does not allow', async () => {
  await broker.jsm.streams.add({ name: 'RUNS', description: 'rollcall topology 0', subjects: ['run.v1.requested.>'] });
  await expect(applyTopology(broker)).rejects.toMatchObject({
    code: 'nats/topology',
    message: expect.stringMatching(/stream RUNS .* cannot be updated: .*retention/),
  });
});

test('names subjects that another stream has already', async () => {
  await broker.jsm.streams.add({ name: 'THEIRS', subjects: ['lake.>'] });
  await expect(applyTopology(broker)).rejects.toMatchObject({
    code: 'nats/topology',
    message: expect.stringMatching(/stream LAKE .* cannot be created: .*overlap/),
  });
  await broker.jsm.streams.delete('THEIRS');
});
