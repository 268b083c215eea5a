import { describe, expect, it } from 'vitest';
import { crashHook, Effects, type CrashPoint } from './effects.js';

describe('Effects', () => {
  it('passes a point before and one after the effect', async () => {
    const seen: string[] = [];
    const effects = new Effects((point) => void seen.push(point));
    await effects.run('bus.object', async () => void seen.push('effect'));
    expect(seen).toEqual(['bus.object.before', 'effect', 'bus.object.after']);
  });

  it('passes only the point before when the effect fails', async () => {
    const seen: CrashPoint[] = [];
    const failing = new Effects((point) => void seen.push(point)).run('drop.object', () =>
      Promise.reject(new Error('full')),
    );
    await expect(failing).rejects.toThrow('full');
    expect(seen).toEqual(['drop.object.before']);
  });
});

describe('crashHook', () => {
  it('dies at the n-th passing of the point, and only there', () => {
    let deaths = 0;
    const hook = crashHook('drop.announce.after:2', () => void (deaths += 1));
    for (const point of ['drop.announce.before', 'drop.announce.after', 'bus.announce.after'] as const)
      void hook(point);
    expect(deaths).toBe(0);
    void hook('drop.announce.after');
    expect(deaths).toBe(1);
  });

  it('refuses a point that does not exist', () => {
    for (const text of [
      '',
      'drop.nothing.after:1',
      'drop.announce:1',
      'drop.announce.after:x',
      'drop.announce.after:0',
    ]) {
      expect(() => crashHook(text, () => undefined)).toThrow('ROLLCALL_CRASH_AT');
    }
  });
});
