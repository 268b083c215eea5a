import { afterEach, beforeEach, expect, test } from 'vitest';
import { appEvents, batchWritten, runRequested } from '@rollcall/contracts';
import { brokerBed, contract, type BrokerBed } from './broker-bed.js';

let bed: BrokerBed;

beforeEach(async () => {
  bed = await brokerBed({ ackTimeoutMs: 1_000 });
});
afterEach(async () => {
  await bed[Symbol.asyncDispose]();
});

async function stored(): Promise<number> {
  return (await bed.broker.jsm.streams.info('EVENTS')).state.messages;
}

/** From now on the stream takes a few more kilobytes and then refuses. */
async function shrink(): Promise<void> {
  await bed.broker.jsm.streams.update('EVENTS', { max_bytes: 20_000 });
}

test('publishes once for one id, and says so', async () => {
  const first = await bed.broker.publish(contract, { id: 'a' });
  const again = await bed.broker.publish(contract, { id: 'a' });
  expect(first).toEqual({ duplicate: false, sequence: 1 });
  expect(again).toEqual({ duplicate: true, sequence: 1 });
  expect(await stored()).toBe(1);
});

test('an id that no header can carry is replaced, and still dedupes', async () => {
  const msgId = `line\r\nbreak ${'é'.repeat(300)}`;
  expect(await bed.broker.publish(contract, { id: 'a' }, { msgId })).toMatchObject({ duplicate: false });
  expect(await bed.broker.publish(contract, { id: 'b' }, { msgId })).toMatchObject({ duplicate: true });
  expect(await bed.broker.publish(contract, { id: 'c' }, { msgId: `${msgId}!` })).toMatchObject({ duplicate: false });
});

test('stores what the schema makes of a message', async () => {
  const message = { runId: 'r1', source: 'answers', requestedBy: 'me', requestedAt: '2026-01-01T00:00:00Z' };
  await bed.broker.publish(runRequested('logs'), message, { headers: { 'X-Note': 'hi' } });
  const found = await bed.broker.jsm.streams.getMessage('RUNS', { seq: 1 });
  expect(found?.json()).toEqual({ ...message, mode: 'incremental', dryRun: false });
  expect(found?.header.get('X-Note')).toBe('hi');
  expect(found?.header.get('Nats-Msg-Id')).toBe('r1');
});

test('refuses what does not fit the contract, naming places and not values', async () => {
  const bad = { format: 1, batchId: 'hunter2' } as never;
  const error: unknown = await bed.broker.publish(batchWritten, bad).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'message/invalid', message: expect.stringContaining('batchId') });
  expect(String(error)).not.toContain('hunter2');
});

test('refuses what is larger than the broker takes', async () => {
  await expect(bed.broker.publish(contract, { id: 'x'.repeat(1_100_000) })).rejects.toMatchObject({
    code: 'message/invalid',
  });
});

test('a full stream says nats/full', async () => {
  await shrink();
  const pad = 'x'.repeat(8_000);
  await bed.broker.publish(contract, { id: '1', pad });
  await bed.broker.publish(contract, { id: '2', pad });
  await expect(bed.broker.publish(contract, { id: '3', pad })).rejects.toMatchObject({ code: 'nats/full' });
});

test('no stream, or no server, says nats/unavailable', async () => {
  await bed.broker.jsm.streams.delete('EVENTS');
  await expect(bed.broker.publish(contract, { id: 'a' })).rejects.toMatchObject({
    code: 'nats/unavailable',
    message: expect.stringContaining('no stream takes it'),
  });
  await bed.nats.stop();
  await expect(bed.broker.publish(contract, { id: 'b' })).rejects.toMatchObject({ code: 'nats/unavailable' });
  const { place } = bed.broker;
  await expect(bed.broker.publish(contract, { id: 'b' })).rejects.toThrow(place);
});

test('goes on after the server came back', async () => {
  await bed.broker.publish(contract, { id: 'a' });
  await bed.nats.restart();
  await bed.broker.whenConnected(10_000);
  await bed.broker.publish(contract, { id: 'b' });
  expect(await stored()).toBe(2);
});

test('publishes many, counts duplicates, from any iterable', async () => {
  const messages = Array.from({ length: 5_000 }, (_, index) => ({ message: { id: `e${index}` }, msgId: `e${index}` }));
  expect(await bed.broker.publishMany(contract, messages)).toEqual({ messages: 5_000, duplicates: 0 });
  async function* again(): AsyncGenerator<{ payload: string; msgId: string }> {
    for (let index = 4_990; index < 5_010; index++) yield { payload: `{"id":"e${index}"}`, msgId: `e${index}` };
  }
  expect(await bed.broker.publishMany(contract, again())).toEqual({ messages: 20, duplicates: 10 });
  expect(await bed.broker.publishMany(appEvents('other'), [])).toEqual({ messages: 0, duplicates: 0 });
  expect(await stored()).toBe(5_010);
});

test('many at once never have more in flight than the window', async () => {
  let inFlight = 0;
  let most = 0;
  const { nc } = bed.broker;
  const publish = nc.publish.bind(nc);
  nc.publish = (subject, ...rest) => {
    if (subject === contract.subject) most = Math.max(most, ++inFlight);
    publish(subject, ...rest);
  };
  const counting = nc.subscribe('_INBOX.>', { callback: () => void inFlight-- });
  await nc.flush();
  const messages = Array.from({ length: 2_000 }, (_, index) => ({ payload: `{"id":"w${index}"}` }));
  await bed.broker.publishMany(contract, messages, { window: 50 });
  counting.unsubscribe();
  expect(most).toBeGreaterThan(10);
  expect(most).toBeLessThanOrEqual(50);
});

test('many: says how many were not taken, and sends no more', async () => {
  await shrink();
  const payload = JSON.stringify({ pad: 'x'.repeat(1_000) });
  let asked = 0;
  function* endless(): Generator<{ payload: string }> {
    for (;;) {
      asked += 1;
      yield { payload };
    }
  }
  const error: unknown = await bed.broker
    .publishMany(contract, endless(), { window: 64 })
    .catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    code: 'nats/full',
    message: expect.stringMatching(/^\d+ of \d+ messages sent were not taken/),
  });
  const [failed, sent] =
    /^(\d+) of (\d+)/
      .exec(String((error as Error).message))
      ?.slice(1)
      .map(Number) ?? [];
  expect(sent).toBe(asked);
  expect((sent ?? 0) - (failed ?? 0)).toBe(await stored());
});

test('many: a message that does not fit stops it after what was sent is known', async () => {
  const messages = [{ message: { id: 'a' } }, { message: 7 as never }, { message: { id: 'c' } }];
  await expect(bed.broker.publishMany(contract, messages)).rejects.toMatchObject({
    code: 'message/invalid',
    message: expect.stringContaining('0 of 1'),
  });
  expect(await stored()).toBe(1);
});
