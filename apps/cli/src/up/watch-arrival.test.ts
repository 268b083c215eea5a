import { describe, expect, it } from 'vitest';
import { progressOf, watchArrival, type Seen } from './watch-arrival.js';
import type { DemoPart } from './state-file.js';

const part: DemoPart = { dataset: 'a', via: 'bus', sent: 110, distinct: 100, malformed: 5 };
const other: DemoPart = { dataset: 'b', via: 'drop', sent: 10, distinct: 10, malformed: 0 };
const seen = (dataset: string, rows: number, quarantined = 0): Seen => ({ dataset, rows, quarantined });

describe('progressOf', () => {
  it('counts what came since, no more than what must come', () => {
    const now = [seen('a', 1_000_000, 3), seen('b', 4)];
    expect(progressOf([part, other], [], now)).toEqual({ arrived: 107, expected: 115 });
    expect(progressOf([part], [seen('a', 950, 0)], [seen('a', 1_000, 5)])).toEqual({ arrived: 55, expected: 105 });
    expect(progressOf([part], [], [])).toEqual({ arrived: 0, expected: 105 });
  });
});

describe('watchArrival', () => {
  const base = {
    parts: [other],
    before: [],
    progress: () => undefined,
    stop: new AbortController().signal,
    wait: async () => undefined,
  };

  it('ends when all is there', async () => {
    const looks = [3, 7, 10];
    const shown: string[] = [];
    const look = async (): Promise<Seen[]> => [seen('b', looks.shift() ?? 10)];
    const nowMs = (): number => 0;
    expect(await watchArrival({ ...base, look, nowMs, patienceMs: 1, progress: (text) => shown.push(text) })).toBe(
      true,
    );
    expect(shown.at(-1)).toContain('10 of 10');
  });

  it('gives up when nothing more comes', async () => {
    let now = 0;
    const nowMs = (): number => (now += 600);
    expect(await watchArrival({ ...base, look: async () => [seen('b', 3)], nowMs, patienceMs: 1_000 })).toBe(false);
  });

  it('stops when told', async () => {
    const stop = AbortSignal.abort();
    expect(await watchArrival({ ...base, stop, look: async () => [], nowMs: () => 0, patienceMs: 1_000 })).toBe(false);
  });
});
