import { RollcallError, dead, ok } from '@rollcall/kernel';
import { faulty, until } from '@rollcall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectBroker, consumerLag } from '../src/index.js';
import { DURABLE, STREAM, brokerBed, runLoop, takeAll, type BrokerBed } from './broker-bed.js';

const BATCH = { max: 10, waitMs: 300 };

let bed: BrokerBed;

beforeEach(async () => {
  bed = await brokerBed();
});
afterEach(async () => {
  await bed[Symbol.asyncDispose]();
});

async function lag(): Promise<number> {
  const { pending, ackPending } = await consumerLag(bed.broker, STREAM, DURABLE);
  return pending + ackPending;
}

test('a handler that takes longer than ack_wait keeps its messages', async () => {
  await bed.setAckWait(1_000);
  await bed.send('slow', 'waiting');
  const tries: number[] = [];
  await using loop = runLoop(bed.broker, async (ids, given) => {
    tries.push(...given);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    return ids.map((id) => ok(id));
  });
  await until(async () => (await lag()) === 0, { what: 'both to be handled' });
  // 'waiting' lay in hand for longer than ack_wait, behind 'slow'.
  expect(loop.calls.flat()).toEqual(['slow', 'waiting']);
  expect(tries).toEqual([1, 1]);
});

test('from the third delivery on a message is handled alone, and only the one that stops the process is buried', async () => {
  await bed.setAckWait(300);
  const ids = ['a', 'b', 'killer', 'c', 'd'];
  await bed.send(...ids);
  const handled = new Set<string>();
  const sizes: number[][] = [];
  for (let run = 0; run < 20 && (await lag()) > 0; run++) {
    const loop = runLoop(
      bed.broker,
      (given) => {
        if (given.includes('killer')) throw new Error('out of memory');
        for (const id of given) handled.add(id);
        return takeAll(given);
      },
      { batch: BATCH },
    );
    await Promise.race([loop.done.catch(() => undefined), until(async () => (await lag()) === 0, { what: 'the end' })]);
    await loop.stop().catch(() => undefined);
    sizes.push(loop.calls.map((call) => call.length));
  }
  expect(await bed.deadCount()).toBe(1);
  expect(handled).toEqual(new Set(['a', 'b', 'c', 'd']));
  expect(sizes[0]).toEqual([5]);
  expect(sizes[1]).toEqual([5]);
  expect(
    sizes
      .slice(2)
      .flat()
      .every((size) => size === 1),
  ).toBe(true);
});

/** A process that takes what it gets and is gone before it says anything: nothing but the line's end is seen of it. */
async function dieWith(id: string): Promise<boolean> {
  const process = await connectBroker({ url: bed.nats.url, name: 'dies' });
  const struck = Promise.withResolvers<boolean>();
  const loop = runLoop(process, (ids) => {
    if (!ids.includes(id)) return takeAll(ids);
    struck.resolve(true);
    return new Promise(() => undefined);
  });
  const settled = until(async () => (await lag()) === 0, { what: 'the end' }).then(() => false);
  const died = await Promise.race([struck.promise, settled]);
  if (died) await process.close();
  else await loop.stop();
  settled.catch(() => undefined);
  return died;
}

test('a message that kills the process without a word is buried in the end, and only that one', async () => {
  await bed.setAckWait(300);
  await bed.send('a', 'killer', 'b');
  let deaths = 0;
  while (deaths < 20 && (await dieWith('killer'))) deaths += 1;
  // Seven deliveries of which nothing is known, then two deaths under watch.
  expect(deaths).toBe(9);
  expect(await bed.deadCount()).toBe(1);
  expect(await bed.letters()).toMatchObject([{ code: 'process-killed', stream: STREAM, sequence: 2 }]);
});

test('a message delivered often for other reasons survives the watch, and leaves no letter', async () => {
  await bed.setAckWait(300);
  await bed.send('innocent');
  for (let death = 0; death < 8; death++) await dieWith('innocent');
  expect(await bed.deadCount()).toBe(1);
  await using loop = runLoop(bed.broker, takeAll);
  await until(async () => (await lag()) === 0, { what: 'the verdict' });
  expect(loop.calls).toEqual([['innocent']]);
  await until(async () => (await bed.deadCount()) === 0, { what: 'the letter to be taken back' });
});

test('after an outage of something else messages share batches again', async () => {
  await bed.send('a', 'b', 'c', 'd');
  let calls = 0;
  await using loop = runLoop(
    bed.broker,
    (ids) => {
      calls += 1;
      if (calls <= 3) throw new RollcallError('lake/unavailable', 'away');
      return takeAll(ids);
    },
    { batch: BATCH, random: () => 0.5 },
  );
  await until(async () => (await lag()) === 0, { what: 'the end of the outage' });
  expect(loop.calls.map((call) => call.length)).toEqual([4, 4, 4, 4]);
});

test('a dead letter that could not be written leaves the message where it is', async () => {
  await bed.send('poison');
  const error = new RollcallError('nats/full', 'DEAD is full');
  const broker = faulty(bed.broker, { publish: [{ kind: 'reject', error }] });
  await using loop = runLoop(broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))));
  await until(() => loop.events.some(({ kind }) => kind === 'settle-failed'), { what: 'the failed burial' });
  expect(await bed.deadCount()).toBe(0);
  expect(await lag()).toBe(1);
  await until(async () => (await lag()) === 0, { what: 'the second burial' });
  expect(await bed.deadCount()).toBe(1);
});

test('a dead letter whose acknowledgement was lost is there once', async () => {
  await bed.send('poison');
  const error = new RollcallError('nats/unavailable', 'no answer in time');
  const broker = faulty(bed.broker, { publish: [{ kind: 'lose-answer', error }] });
  await using loop = runLoop(broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))));
  await until(async () => (await lag()) === 0, { what: 'the burial' });
  expect(loop.calls).toHaveLength(2);
  expect(await bed.deadCount()).toBe(1);
});

test('a process that dies between dead letter and end buries once', async () => {
  await bed.setAckWait(300);
  await bed.send('poison');
  const held = Promise.withResolvers<void>();
  const broker = faulty(bed.broker, { publish: [{ kind: 'hold', until: held.promise }] });
  const dying = runLoop(broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))));
  await until(async () => (await bed.deadCount()) === 1, { what: 'the dead letter' });
  expect(await lag()).toBe(1);
  // The end never comes from the first loop: its delivery runs out, as after a kill.
  held.reject(new Error('killed here'));
  await expect(dying.done).rejects.toThrow('killed here');
  await using loop = runLoop(bed.broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))));
  await until(async () => (await lag()) === 0, { what: 'the end' });
  expect(loop.calls).toEqual([['poison']]);
  expect(await bed.deadCount()).toBe(1);
});

test('a crash surfaces, keeps what was acknowledged, and gives the rest back at once', async () => {
  await bed.send('a', 'bad', 'c', 'd');
  const loop = runLoop(
    bed.broker,
    (ids) => (ids.includes('bad') ? Promise.reject(new TypeError('a bug')) : takeAll(ids)),
    { batch: { max: 1 } },
  );
  await expect(loop.done).rejects.toThrow('a bug');
  expect(loop.events.map(({ kind }) => kind)).toContain('crashed');
  expect(loop.events.at(-1)?.kind).toBe('stopped');
  await using next = runLoop(bed.broker, takeAll);
  // ack_wait is a minute: only what was given back comes now.
  await until(() => next.calls.flat().length === 2, { what: 'the messages given back' });
  expect(next.calls.flat().toSorted()).toEqual(['c', 'd']);
  expect(await lag()).toBe(1);
});

test('a stop finishes what is in hand and acknowledges it', async () => {
  await bed.send('a', 'b', 'c');
  const inside = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const loop = runLoop(
    bed.broker,
    async (ids) => {
      inside.resolve();
      await open.promise;
      return ids.map((id) => ok(id));
    },
    { batch: { max: 1 } },
  );
  await inside.promise;
  // One in the handler, one beside it; the third was never taken.
  await until(async () => (await consumerLag(bed.broker, STREAM, DURABLE)).pending === 1, { what: 'two to be taken' });
  const stopped = loop.stop();
  open.resolve();
  await stopped;
  expect(loop.calls).toEqual([['a'], ['b']]);
  await bed.broker.nc.flush();
  expect(await consumerLag(bed.broker, STREAM, DURABLE)).toMatchObject({ pending: 1, ackPending: 0 });
});

test('what cannot be begun in time after a stop is given back', async () => {
  await bed.send('a', 'b');
  const inside = Promise.withResolvers<void>();
  const open = Promise.withResolvers<void>();
  const loop = runLoop(
    bed.broker,
    async (ids) => {
      inside.resolve();
      await open.promise;
      return ids.map((id) => ok(id));
    },
    { batch: { max: 1 }, stopGraceMs: 100 },
  );
  await inside.promise;
  await until(async () => (await consumerLag(bed.broker, STREAM, DURABLE)).ackPending === 2, {
    what: 'two to be taken',
  });
  const stopped = loop.stop();
  await using next = runLoop(bed.broker, takeAll);
  await until(() => next.calls.flat().includes('b'), { what: 'b at the next one' });
  open.resolve();
  await stopped;
  expect(loop.calls).toEqual([['a']]);
  expect(loop.events.at(-1)).toEqual({ kind: 'stopped', givenBack: 1 });
});

test('an aborted signal takes nothing', async () => {
  await bed.send('a');
  const signal = AbortSignal.abort();
  const loop = runLoop(bed.broker, takeAll, { signal });
  await loop.done;
  expect(await consumerLag(bed.broker, STREAM, DURABLE)).toMatchObject({ pending: 1, ackPending: 0 });
});
