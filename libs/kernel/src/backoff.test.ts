import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backoffMs } from './backoff.js';

test.each([
  [1, 0, 250],
  [1, 0.5, 375],
  [2, 0, 500],
  [3, 0, 1000],
  [7, 0, 15_000],
  [60, 0, 15_000],
  [60, 0.999_999, 30_000],
])('try %i with random %d waits %i ms', (tries, random, wait) => {
  expect(backoffMs(tries, random)).toBe(wait);
});

test('never waits less than the try before, nor more than 30 s', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 1000 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (tries, random) => {
        const wait = backoffMs(tries, random);
        expect(wait).toBeGreaterThanOrEqual(250);
        expect(wait).toBeLessThanOrEqual(30_000);
        expect(backoffMs(tries + 1, random)).toBeGreaterThanOrEqual(wait);
      },
    ),
  );
});
