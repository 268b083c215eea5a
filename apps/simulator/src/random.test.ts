import { describe, expect, it } from 'vitest';
import { Random } from './random.js';

describe('Random', () => {
  it('draws the same for the same seed and otherwise for another', () => {
    const draws = (seed: string) =>
      Array.from(
        { length: 50 },
        (
          (r) => () =>
            r.u32()
        )(new Random(seed)),
      );
    expect(draws('a')).toEqual(draws('a'));
    expect(draws('a')).not.toEqual(draws('b'));
  });

  it('gives forks that do not depend on what the root has drawn', () => {
    const root = new Random('a');
    const before = root.fork('x').u32();
    root.u32();
    expect(root.fork('x').u32()).toBe(before);
    expect(root.fork('y').u32()).not.toBe(before);
  });

  it('spreads evenly and includes both ends', () => {
    const random = new Random('even');
    const counts = [0, 0, 0, 0, 0];
    for (let i = 0; i < 50_000; i += 1) {
      const at = random.between(0, 4);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    expect(counts).toHaveLength(5);
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });

  it('writes version 4 UUIDs in upper case, and digits without a leading zero', () => {
    const random = new Random('ids');
    for (let i = 0; i < 200; i += 1) {
      expect(random.uuid()).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
      expect(random.digits(8)).toMatch(/^[1-9]\d{7}$/);
    }
  });

  it('refuses to pick from nothing', () => {
    expect(() => new Random('a').pick([])).toThrow(RangeError);
  });
});
