import { describe, expect, it } from 'vitest';
import { SharedAnswer } from './shared-answer.js';

describe('SharedAnswer', () => {
  it('asks once for all who ask meanwhile', async () => {
    const asked: ((answer: number) => void)[] = [];
    const shared = new SharedAnswer(
      () => new Promise<number>((resolve) => asked.push(resolve)),
      2_000,
      () => 0,
    );
    const both = Promise.all([shared.get(), shared.get()]);
    expect(asked).toHaveLength(1);
    asked[0]?.(7);
    expect(await both).toEqual([7, 7]);
  });

  it('gives the answer again until it is too old', async () => {
    let now = 0;
    let made = 0;
    const shared = new SharedAnswer(
      () => Promise.resolve((made += 1)),
      2_000,
      () => now,
    );
    expect(await shared.get()).toBe(1);
    now = 1_999;
    expect(await shared.get()).toBe(1);
    now = 2_000;
    expect(await shared.get()).toBe(2);
  });

  it('does not keep a failure', async () => {
    let fails = true;
    const shared = new SharedAnswer(() => (fails ? Promise.reject(new Error('away')) : Promise.resolve('well')), 2_000);
    await expect(shared.get()).rejects.toThrow('away');
    fails = false;
    expect(await shared.get()).toBe('well');
  });

  it('makes the answer anew when something happened, also while it is being made', async () => {
    const asked: ((answer: string) => void)[] = [];
    const shared = new SharedAnswer(
      () => new Promise<string>((resolve) => asked.push(resolve)),
      2_000,
      () => 0,
    );
    const before = shared.get();
    shared.outdate();
    const after = shared.get();
    expect(asked).toHaveLength(2);
    asked[1]?.('new');
    asked[0]?.('old');
    expect(await Promise.all([before, after])).toEqual(['old', 'new']);
    expect(await shared.get()).toBe('new');
    shared.outdate();
    void shared.get();
    expect(asked).toHaveLength(3);
  });
});
