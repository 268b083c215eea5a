import { describe, expect, it } from 'vitest';
import { crashAt } from './crash-at.js';
import { crashPoints, Effects, type CrashPoint } from './effects.js';

const NAMES = ['object', 'announce'] as const;
type Name = (typeof NAMES)[number];

describe('Effects', () => {
  it('passes a point before and one after the effect', async () => {
    const seen: string[] = [];
    const effects = new Effects<Name>((point) => void seen.push(point));
    await effects.run('object', async () => void seen.push('effect'));
    expect(seen).toEqual(['object.before', 'effect', 'object.after']);
  });

  it('passes only the point before when the effect fails', async () => {
    const seen: CrashPoint<Name>[] = [];
    const failing = new Effects<Name>((point) => void seen.push(point)).run('object', () =>
      Promise.reject(new Error('full')),
    );
    await expect(failing).rejects.toThrow('full');
    expect(seen).toEqual(['object.before']);
  });
});

describe('crashAt', () => {
  const points = crashPoints(NAMES);

  it('dies at the n-th passing of the point, and only there', () => {
    let deaths = 0;
    const hook = crashAt(points, 'announce.after:2', () => void (deaths += 1));
    for (const point of ['announce.before', 'announce.after', 'object.after'] as const) void hook(point);
    expect(deaths).toBe(0);
    void hook('announce.after');
    expect(deaths).toBe(1);
  });

  it('refuses a point that does not exist', () => {
    for (const text of ['', 'nothing.after:1', 'announce:1', 'announce.after:x', 'announce.after:0'])
      expect(() => crashAt(points, text, () => undefined)).toThrow('ROLLCALL_CRASH_AT');
  });
});
