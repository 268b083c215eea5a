import { describe, expect, it } from 'vitest';
import { dueAt, planRefreshes, type Turn } from './schedule.js';

const turn = (more: Partial<Turn> = {}): Turn => ({ minRefreshSeconds: 2, running: false, under: [], ...more });
const turns = (of: Readonly<Record<string, Partial<Turn>>>): ReadonlyMap<string, Turn> =>
  new Map(Object.entries(of).map(([name, more]) => [name, turn(more)]));

describe('a refresh', () => {
  it('is not due without anything new', () => {
    expect(dueAt(turn({ startedMs: 1_000, endedMs: 1_100 }))).toBeUndefined();
  });

  it('is due at once when the last one is long ago, or there was none', () => {
    expect(dueAt(turn({ dirtySinceMs: 5_000 }))).toBe(5_000);
    expect(dueAt(turn({ dirtySinceMs: 50_000, startedMs: 1_000, endedMs: 1_100 }))).toBe(50_000);
  });

  it('comes no sooner than min_refresh after the beginning of the last one', () => {
    expect(dueAt(turn({ dirtySinceMs: 1_050, startedMs: 1_000, endedMs: 1_100 }))).toBe(3_000);
  });

  it('leaves four times its length free', () => {
    expect(dueAt(turn({ dirtySinceMs: 4_500, startedMs: 1_000, endedMs: 4_000 }))).toBe(16_000);
  });

  it('that failed waits for its next try', () => {
    expect(dueAt(turn({ dirtySinceMs: 1_050, startedMs: 1_000, endedMs: 1_001, retryAtMs: 60_000 }))).toBe(60_000);
  });
});

describe('the plan', () => {
  it('starts what is due and says when the next one is', () => {
    const plan = planRefreshes(
      turns({
        a: { dirtySinceMs: 10 },
        b: { dirtySinceMs: 10, startedMs: 9, endedMs: 10 },
        c: {},
        d: { dirtySinceMs: 10, running: true },
      }),
      100,
      8,
    );
    expect(plan).toEqual({ start: ['a'], wakeAtMs: 2_009 });
  });

  it('starts no more than there is room for', () => {
    const all = turns({ a: { dirtySinceMs: 1 }, b: { dirtySinceMs: 1 }, c: { dirtySinceMs: 1 } });
    expect(planRefreshes(all, 2, 2).start).toEqual(['a', 'b']);
    expect(planRefreshes(all, 2, 0)).toEqual({ start: [] });
  });

  it('lets a report wait for those it stands on, at any depth', () => {
    const base = { dirtySinceMs: 1 };
    const chain = { a: { ...base, under: ['b'] }, b: { under: ['c'] } };
    expect(planRefreshes(turns({ ...chain, c: base }), 2, 8).start).toEqual(['c']);
    expect(planRefreshes(turns({ ...chain, c: { running: true } }), 2, 8).start).toEqual([]);
    expect(planRefreshes(turns({ ...chain, c: {} }), 2, 8).start).toEqual(['a']);
  });

  it('lets nobody wait for one that fails', () => {
    const all = turns({ a: { dirtySinceMs: 1, under: ['b'] }, b: { dirtySinceMs: 1, retryAtMs: 9_000 } });
    expect(planRefreshes(all, 2, 8)).toEqual({ start: ['a'], wakeAtMs: 9_000 });
  });
});
