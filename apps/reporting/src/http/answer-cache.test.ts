import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { AnswerCache, type Recipe } from './answer-cache.js';

let made = 0;

function recipe(key: string, body: string | Error, gate?: Promise<void>): Recipe {
  const make = async (): Promise<string> => {
    made += 1;
    await gate;
    if (body instanceof Error) throw body;
    return body;
  };
  return { key, type: 'application/json', make };
}

test('whoever comes while an answer is made waits for that one', async () => {
  const cache = new AnswerCache(1_000_000);
  const gate = Promise.withResolvers<void>();
  made = 0;
  const asked = Array.from({ length: 50 }, () => cache.get(recipe('a', 'one', gate.promise)));
  gate.resolve();
  const answers = await Promise.all(asked);
  expect([made, new Set(answers).size]).toEqual([1, 1]);
  await cache.get(recipe('a', 'one'));
  expect(made).toBe(1);
});

test('a failure goes to all who waited and is not kept', async () => {
  const cache = new AnswerCache(1_000_000);
  const failed = recipe('a', new Error('away'));
  const both = await Promise.allSettled([cache.get(failed), cache.get(failed)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await (await cache.get(recipe('a', 'back'))).coded('identity')).toEqual(Buffer.from('back'));
});

test('what was not used for longest goes first, and the bound holds', async () => {
  const cache = new AnswerCache(2_500);
  const body = 'x'.repeat(1_000);
  await cache.get(recipe('a', body));
  await cache.get(recipe('b', body));
  await cache.get(recipe('a', body));
  await cache.get(recipe('c', body));
  expect(cache.bytes).toBeLessThanOrEqual(2_500);
  made = 0;
  await cache.get(recipe('a', body));
  await cache.get(recipe('c', body));
  expect(made).toBe(0);
  await cache.get(recipe('b', body));
  expect(made).toBe(1);
});

test('an answer larger than the bound is given and not kept', async () => {
  const cache = new AnswerCache(100);
  expect((await cache.get(recipe('a', 'x'.repeat(1_000)))).bytes).toBe(1_000);
  expect(cache.bytes).toBe(0);
});

test('each coding is made once, counts too, and only where it pays', async () => {
  const cache = new AnswerCache(1_000_000);
  const long = await cache.get(recipe('long', JSON.stringify({ x: 'y'.repeat(5_000) })));
  expect(long.codingFor('gzip')).toBe('gzip');
  const before = cache.bytes;
  const [first, second] = await Promise.all([long.coded('gzip'), long.coded('gzip')]);
  expect(first).toBe(second);
  expect(cache.bytes).toBe(before + first.length);
  expect(gunzipSync(first)).toEqual(await long.coded('identity'));
  expect((await cache.get(recipe('short', '{}'))).codingFor('br')).toBe('identity');
});
