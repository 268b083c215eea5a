import { deadLetter } from '@rollcall/contracts';
import { RollcallError, dead, ok, skip, unseal, type Verdict } from '@rollcall/kernel';
import { until } from '@rollcall/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { consumerLag, parseMessage } from '../src/index.js';
import { DURABLE, STREAM, brokerBed, contract, runLoop, takeAll, type BrokerBed } from './broker-bed.js';

let bed: BrokerBed;

beforeEach(async () => {
  bed = await brokerBed();
});
afterEach(async () => {
  await bed[Symbol.asyncDispose]();
});

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

async function allSettled(): Promise<void> {
  await until(
    async () => {
      const { pending, ackPending } = await consumerLag(bed.broker, STREAM, DURABLE);
      return pending + ackPending === 0;
    },
    { what: 'every message to be settled' },
  );
}

const timed = (): RollcallError => new RollcallError('lake/unavailable', 'the lake is away');

test('every message is handled once and acknowledged', async () => {
  const ids = names('e', 3_000);
  await bed.send(...ids);
  await using loop = runLoop(bed.broker, takeAll, { batch: { max: 500, waitMs: 20 }, concurrency: 2 });
  await allSettled();
  expect(loop.calls.flat().toSorted()).toEqual(ids.toSorted());
  expect(Math.max(...loop.calls.map((call) => call.length))).toBe(500);
});

test('a batch ends by count, by bytes and by time', async () => {
  await bed.send(...names('a', 7));
  const byCount = runLoop(bed.broker, takeAll, { batch: { max: 3, waitMs: 200 } });
  await allSettled();
  await byCount.stop();
  expect(byCount.calls.map((call) => call.length)).toEqual([3, 3, 1]);

  await bed.send(...names('b', 6).map((id) => id.padEnd(1_000, '.')));
  const byBytes = runLoop(bed.broker, takeAll, { batch: { max: 100, maxBytes: 2_500, waitMs: 200 } });
  await allSettled();
  await byBytes.stop();
  expect(byBytes.calls.map((call) => call.length)).toEqual([2, 2, 2]);
});

test('a message larger than the bytes of a batch is a batch of its own, and nothing is stuck behind it', async () => {
  await bed.send('small1', 'large'.padEnd(900_000, '.'), 'small2');
  await using loop = runLoop(bed.broker, takeAll, { batch: { max: 10, maxBytes: 1_000, waitMs: 50 } });
  await allSettled();
  expect(loop.calls.map((call) => call.map((id) => id.slice(0, 6)))).toEqual([['small1'], ['large.'], ['small2']]);
});

test('as many batches as allowed are in the handler at once, and no more is taken from the broker than one beside them', async () => {
  await bed.send(...names('c', 100));
  const open = Promise.withResolvers<void>();
  let inside = 0;
  let most = 0;
  await using loop = runLoop(
    bed.broker,
    async (ids) => {
      most = Math.max(most, ++inside);
      await open.promise;
      inside -= 1;
      return ids.map((id) => ok(id));
    },
    { batch: { max: 10, waitMs: 10 }, concurrency: 3 },
  );
  await until(() => inside === 3, { what: 'three batches in the handler' });
  await until(async () => (await consumerLag(bed.broker, STREAM, DURABLE)).ackPending === 40, {
    what: 'one batch beside',
  });
  expect(await consumerLag(bed.broker, STREAM, DURABLE)).toMatchObject({ pending: 60, ackPending: 40 });
  open.resolve();
  await allSettled();
  expect(most).toBe(3);
  expect(loop.calls.flat()).toHaveLength(100);
});

test('each message of a batch has its own fate', async () => {
  await bed.send('fine', 'nothing-to-do', 'poison', 'later');
  const seen: Record<string, number[]> = {};
  await using loop = runLoop(
    bed.broker,
    (ids, tries) =>
      Promise.resolve(
        ids.map((id, index): Verdict => {
          (seen[id] ??= []).push(tries[index] ?? 0);
          if (id === 'nothing-to-do') return skip('known');
          if (id === 'poison') return dead('bad-shape');
          if (id === 'later' && tries[index] === 1) return { kind: 'threw', error: timed() };
          return ok(id);
        }),
      ),
    { batch: { max: 4, waitMs: 100 } },
  );
  await allSettled();
  expect(seen).toEqual({ fine: [1], 'nothing-to-do': [1], poison: [1], later: [1, 2] });
  expect(loop.events).toContainEqual(
    expect.objectContaining({
      kind: 'handled',
      messages: 4,
      settled: [
        expect.objectContaining({ do: 'ack', count: 2 }),
        expect.objectContaining({ do: 'bury', code: 'bad-shape', count: 1 }),
        expect.objectContaining({ do: 'retry', code: 'lake/unavailable', count: 1 }),
      ],
    }),
  );
});

test('a retry waits for its delay', async () => {
  await bed.send('a');
  const at: number[] = [];
  await using _ = runLoop(
    bed.broker,
    (ids, tries) => {
      at.push(performance.now());
      return Promise.resolve(ids.map((id) => (tries[0] === 1 ? { kind: 'threw', error: timed() } : ok(id))));
    },
    { random: () => 0.5 },
  );
  await allSettled();
  // 250 ms x 2, of which three quarters with this jitter.
  expect((at[1] ?? 0) - (at[0] ?? 0)).toBeGreaterThan(350);
});

test('a buried message is kept sealed, with its place and code', async () => {
  await bed.broker.publish(contract, { id: 'a', name: 'Ada' }, { headers: { 'X-From': 'app' } });
  await using _ = runLoop(bed.broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))), {
    quarantineKey: 'k',
  });
  await allSettled();
  const found = await bed.broker.jsm.streams.getMessage('DEAD', { seq: 1 });
  const letter = deadLetter.parse(found?.json());
  expect(found?.subject).toBe(`dead.v1.${contract.subject}`);
  expect(letter).toMatchObject({ subject: contract.subject, stream: STREAM, sequence: 1, code: 'bad-shape', tries: 1 });
  expect(letter.headers).toMatchObject({ 'X-From': 'app' });
  expect(found?.string()).not.toContain('Ada');
  const bytes = unseal('k', Buffer.from(letter.sealed ?? '', 'base64'), `${STREAM}:1`);
  expect(Buffer.from(bytes).toString()).toBe('{"id":"a","name":"Ada"}');
  expect(letter.bytes).toBe(bytes.length);
});

test('without a key the bytes of a buried message are not kept', async () => {
  await bed.send('secret-name');
  await using _ = runLoop(bed.broker, (ids) => Promise.resolve(ids.map(() => dead('bad-shape'))));
  await allSettled();
  const letter = deadLetter.parse((await bed.broker.jsm.streams.getMessage('DEAD', { seq: 1 }))?.json());
  expect(letter).toMatchObject({ code: 'bad-shape', bytes: 20 });
  expect(letter.sealed).toBeUndefined();
});

test('a foreign error on the eighth try is buried with its name only', async () => {
  await bed.setAckWait(300);
  await bed.send('a');
  for (let run = 1; run <= 8; run++) {
    const loop = runLoop(bed.broker, () => Promise.reject(new TypeError('row value 4711')));
    if (run < 8) await expect(loop.done).rejects.toThrow(TypeError);
    else await until(() => loop.events.some(({ kind }) => kind === 'buried'), { what: 'the burial' });
    await loop.stop().catch(() => undefined);
  }
  const letters = await bed.letters();
  expect(letters).toMatchObject([{ code: 'unknown-error', message: 'TypeError', tries: 8 }]);
  expect(JSON.stringify(letters)).not.toContain('4711');
});

test('an error that names its cause buries only the message that is to blame', async () => {
  await bed.send('a', 'guilty', 'b', 'c');
  await using loop = runLoop(
    bed.broker,
    (ids) => {
      if (ids.includes('guilty')) throw new RollcallError('source/bad-record', 'cannot be read');
      return takeAll(ids);
    },
    { batch: { max: 4, waitMs: 100 } },
  );
  await allSettled();
  expect(await bed.deadCount()).toBe(1);
  const [first, ...rest] = loop.calls;
  expect(first).toEqual(['a', 'guilty', 'b', 'c']);
  expect(rest.map((call) => call.length)).toEqual([1, 1, 1, 1]);
});

test('what cannot be parsed is a dead message, told by place and not by value', () => {
  const bytes = (text: string): { data: Uint8Array } => ({ data: new TextEncoder().encode(text) });
  expect(parseMessage(contract, bytes('{"id":"a"}'))).toEqual(ok({ id: 'a' }));
  for (const text of ['{', '7', '"hunter2"', '[]']) {
    const outcome = parseMessage(contract, bytes(text));
    expect(outcome).toMatchObject({ kind: 'dead', reason: 'message/invalid', cause: { code: 'message/invalid' } });
    expect(outcome.kind === 'dead' && String(outcome.cause)).not.toContain('hunter2');
  }
  expect(parseMessage(contract, { data: new Uint8Array([0xff, 0x22]) })).toMatchObject({ kind: 'dead' });
});

test('a route goes where it is served, before the message ends', async () => {
  await bed.send('a');
  const routed: string[] = [];
  await using _ = runLoop(bed.broker, () => Promise.resolve([{ kind: 'route', to: 'aside', reason: 'r' }]), {
    routes: { aside: async (delivery) => void routed.push(delivery.subject) },
  });
  await allSettled();
  expect(routed).toEqual([contract.subject]);
});

test('too few verdicts, or a route nobody serves, are bugs: the loop stops with them', async () => {
  await bed.send('a');
  await expect(runLoop(bed.broker, () => Promise.resolve([])).done).rejects.toThrow(/fewer verdicts/);
  await bed.setAckWait(200);
  await expect(
    runLoop(bed.broker, (ids) => Promise.resolve(ids.map(() => ({ kind: 'route', to: 'x', reason: 'r' })))).done,
  ).rejects.toThrow(/route x/);
});
