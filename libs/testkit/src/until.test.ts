import { expect, test } from 'vitest';
import { until } from './until.js';

test('gives back what the condition gave, also zero and the empty text', async () => {
  const answers = [undefined, null, false, 0] as const;
  let look = 0;
  expect(await until(() => answers[look++], { what: 'a number', everyMs: 1 })).toBe(0);
  expect(look).toBe(4);
});

test('names what was waited for and what was seen last', async () => {
  const waiting = until(() => false, { what: 'the second row', timeoutMs: 10, everyMs: 1 });
  await expect(waiting).rejects.toThrow('gave up after 10 ms waiting for the second row; last seen: false');
});

test('names the last error of a condition that throws, and keeps it as the cause', async () => {
  const cause = new Error('relation does not exist');
  const waiting = until(() => Promise.reject(cause), { what: 'a table', timeoutMs: 10, everyMs: 1 });
  await expect(waiting).rejects.toMatchObject({ message: expect.stringContaining('relation does not exist'), cause });
});
