import { beforeEach, expect, test, vi } from 'vitest';
import { seededRandom } from './seeded-random.js';

const printed = vi.spyOn(console, 'log').mockReturnValue();
beforeEach(() => {
  vi.stubEnv('TEST_SEED', undefined);
  printed.mockClear();
});

test('the seed is printed, and the one of the environment wins', () => {
  vi.stubEnv('TEST_SEED', '99');
  expect(seededRandom(7).seed).toBe(99);
  expect(printed.mock.calls).toEqual([['random seed 99 (repeat with TEST_SEED=99)']]);
});

test('the same seed gives the same numbers, another seed others', () => {
  const draw = (seed: number): number[] => {
    const random = seededRandom(seed);
    return Array.from({ length: 5 }, () => random.below(1_000_000));
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('numbers spread over the whole range', () => {
  const random = seededRandom(1);
  const counts = new Array<number>(10).fill(0);
  for (let i = 0; i < 10_000; i++) {
    const drawn = random.below(10);
    counts[drawn] = (counts[drawn] ?? 0) + 1;
  }
  expect(Math.min(...counts)).toBeGreaterThan(800);
});

test('a shuffle keeps every member once and leaves its input alone', () => {
  const random = seededRandom(3);
  const from = Array.from({ length: 50 }, (_, i) => i);
  const shuffled = random.shuffle(from);
  expect(shuffled).not.toEqual(from);
  expect([...shuffled].sort((a, b) => a - b)).toEqual(from);
  expect(from[0]).toBe(0);
});
