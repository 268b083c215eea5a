import type { OverviewAnswer } from '@rollcall/reports/shown';
import { expect, test } from 'vitest';
import { limitsOf, usedUp } from './freshness-bar.js';

const report = (dataset: string, warnAfterSeconds?: number, failAfterSeconds?: number) =>
  ({
    freshness: { state: 'fresh', inputs: [{ dataset, asOf: null, withheld: 0 }], warnAfterSeconds, failAfterSeconds },
  }) as unknown as OverviewAnswer['reports'][number];

test('the strictest report sets the bounds', () => {
  const reports = [
    report('answers', 60, 600),
    report('answers', 30, 900),
    report('app_events', 1, 2),
    report('answers'),
  ];
  expect(limitsOf('answers', reports)).toEqual({ warnAfterSeconds: 30, failAfterSeconds: 600 });
  expect(limitsOf('votes', reports)).toBeUndefined();
});

test('beyond the bound all is used up', () => {
  const limits = { warnAfterSeconds: 50, failAfterSeconds: 200 };
  expect(usedUp(100, limits)).toEqual({ used: 0.5, warnAt: 0.25 });
  expect(usedUp(1000, limits).used).toBe(1);
  expect(usedUp(-5, limits).used).toBe(0);
});
