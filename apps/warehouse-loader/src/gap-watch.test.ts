import { describe, expect, it } from 'vitest';
import { GapWatch } from './gap-watch.js';
import { silentEvents } from '../test/loader-double.js';

const waiting = [{ kind: 'chain-gap', batchId: 'x', after: 'p' } as const];

describe('GapWatch', () => {
  it('has the lake scanned once for a gap, then stops the dataset aloud', async () => {
    let now = 0;
    const stops: boolean[] = [];
    const events = {
      ...silentEvents,
      gapOpen: (_d: string, _a: number, _w: unknown, stopped: boolean) => void stops.push(stopped),
    };
    const watch = new GapWatch({ scanAfterSeconds: 10, stopAfterSeconds: 100 }, events, () => now);
    const scans: string[] = [];
    const review = (at: number): Promise<void> => {
      now = at;
      return watch.review(async (dataset) => void scans.push(dataset));
    };
    watch.note('users', waiting);
    for (const at of [5, 11, 50, 101]) await review(at);
    expect(scans).toEqual(['users']);
    expect(stops).toEqual([false, false, false, true]);
  });

  it('forgets a gap that has closed', async () => {
    const closed: string[] = [];
    const watch = new GapWatch(
      { scanAfterSeconds: 0, stopAfterSeconds: 1 },
      { ...silentEvents, gapClosed: (dataset) => void closed.push(dataset) },
      () => 0,
    );
    watch.note('users', waiting);
    watch.note('users', []);
    const scans: string[] = [];
    await watch.review(async (dataset) => void scans.push(dataset));
    expect(scans).toEqual([]);
    expect(closed).toEqual(['users']);
  });
});
