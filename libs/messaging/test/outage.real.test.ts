import { type RollcallError, ok } from '@rollcall/kernel';
import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyTopology, consumerLag } from '../src/index.js';
import { DURABLE, STREAM, brokerBed, runLoop, takeAll, type BrokerBed, type RunningLoop } from './broker-bed.js';

let bed: BrokerBed;

beforeEach(async () => {
  bed = await brokerBed();
});
afterEach(async () => {
  await bed[Symbol.asyncDispose]();
});

function handled(loop: RunningLoop): string[] {
  return loop.calls.flat().toSorted();
}

function stalledBy(loop: RunningLoop, code: RollcallError['code']): boolean {
  return loop.events.some((event) => event.kind === 'stalled' && event.error.code === code);
}

async function lagIsZero(): Promise<boolean> {
  const { pending, ackPending } = await consumerLag(bed.broker, STREAM, DURABLE);
  return pending + ackPending === 0;
}

test('a restart of the server with its store loses nothing', async () => {
  await using loop = runLoop(bed.broker, takeAll, { batch: { max: 10, waitMs: 10 } });
  await bed.send('a', 'b');
  await until(() => handled(loop).length === 2, { what: 'a and b' });
  await bed.nats.stop();
  await until(() => stalledBy(loop, 'nats/unavailable'), { what: 'the loop to say that it is stalled' });
  await bed.nats.restart();
  await bed.broker.whenConnected(15_000);
  await bed.send('c', 'd');
  await until(() => handled(loop).length === 4, { what: 'c and d' });
  await until(lagIsZero, { what: 'everything to be acknowledged' });
  expect(handled(loop)).toEqual(['a', 'b', 'c', 'd']);
  expect(loop.events.map(({ kind }) => kind)).toContain('resumed');
});

test('what is in the handler while the server is away is acknowledged afterwards, not done again', async () => {
  await bed.setAckWait(10_000);
  const inside = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  await bed.send('a');
  await using loop = runLoop(bed.broker, async (ids) => {
    inside.resolve();
    await open.promise;
    return ids.map((id) => ok(id));
  });
  await inside.promise;
  await bed.nats.kill();
  await until(() => !bed.broker.connected, { what: 'the line to be down' });
  open.resolve();
  await bed.nats.restart();
  await until(lagIsZero, { what: 'the acknowledgement' });
  expect(loop.calls).toEqual([['a']]);
});

test('a lost store is named, waited out, and migrate mends it', async () => {
  await using loop = runLoop(bed.broker, takeAll);
  await bed.send('a');
  await until(() => handled(loop).length === 1, { what: 'a' });
  await bed.nats.wipe();
  // The outage is noticed before what it has cost is known.
  await until(() => stalledBy(loop, 'nats/unavailable'), { what: 'the loop to name the outage' });
  await bed.nats.restart();
  await until(() => stalledBy(loop, 'nats/topology'), { what: 'the loop to name the missing consumer' });
  // The loop itself makes nothing.
  await expect(bed.broker.jsm.streams.info(STREAM)).rejects.toThrow('stream not found');
  await applyTopology(bed.broker);
  await bed.send('b');
  await until(() => handled(loop).length === 2, { what: 'b' });
  expect(loop.events.at(-1)?.kind).toBe('handled');
});

test('a consumer deleted under the loop is named, and found again', async () => {
  await using loop = runLoop(bed.broker, takeAll);
  await bed.send('a');
  await until(lagIsZero, { what: 'a' });
  await bed.broker.jsm.consumers.delete(STREAM, DURABLE);
  await until(() => stalledBy(loop, 'nats/topology'), { what: 'the loop to name the missing consumer' });
  await applyTopology(bed.broker);
  await bed.send('b');
  await until(() => handled(loop).includes('b'), { what: 'b' });
});

test('a loop may start before its consumer exists', async () => {
  await bed.broker.jsm.streams.delete(STREAM);
  await using loop = runLoop(bed.broker, takeAll);
  await until(() => stalledBy(loop, 'nats/topology'), { what: 'the loop to name the missing consumer' });
  await applyTopology(bed.broker);
  await bed.send('a');
  await until(() => handled(loop).length === 1, { what: 'a' });
});

test('a stop while the server is away ends the loop', async () => {
  const loop = runLoop(bed.broker, takeAll, { stopGraceMs: 200 });
  await bed.send('a');
  await until(() => handled(loop).length === 1, { what: 'a' });
  await bed.nats.stop();
  await until(() => !bed.broker.connected, { what: 'the line to be down' });
  await loop.stop();
  expect(loop.events.at(-1)?.kind).toBe('stopped');
});
