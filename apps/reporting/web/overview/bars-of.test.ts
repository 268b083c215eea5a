import { expect, test } from 'vitest';
import { barsOf } from './bars-of.js';

const load = (rows: number, quarantined = 0) => ({
  loadId: String(rows),
  loadedAt: '2026-11-28T12:00:00Z',
  in: rows,
  merged: rows,
  quarantined,
});

test('there are always ten bars, the newest is the last', () => {
  const bars = barsOf([load(100, 1), load(25)], 20);
  expect(bars).toHaveLength(10);
  expect(bars.at(-1)).toEqual({ height: 20, kind: 'waste' });
  expect(bars.at(-2)).toEqual({ height: 10, kind: 'clean' });
  expect(bars[0]).toEqual({ height: 3, kind: 'none' });
});

test('an empty load is still seen', () => {
  expect(barsOf([load(0)], 20).at(-1)).toEqual({ height: 3, kind: 'clean' });
});
