import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decimalTextOf, smallUnscaledOf, unscaledOf } from './decimal-unscaled.js';

describe('decimals', () => {
  it.each([
    ['12.5', 4, 2, 1250n],
    ['-0.01', 4, 2, -1n],
    ['.5', 2, 1, 5n],
    ['7.', 2, 1, 70n],
    ['+1.00', 3, 1, 10n],
    ['-0', 3, 0, 0n],
    ['0099.90', 3, 1, 999n],
    ['9'.repeat(38), 38, 0, BigInt('9'.repeat(38))],
  ])('%s as decimal(%i,%i) is %s', (text, precision, scale, unscaled) => {
    expect(unscaledOf(text, precision, scale)).toBe(unscaled);
  });

  it.each([
    ['', 4, 2],
    ['.', 4, 2],
    ['-', 4, 2],
    ['1e3', 9, 2],
    ['NaN', 9, 2],
    [' 1', 9, 2],
    ['1,5', 9, 2],
    ['123.45', 4, 2],
    ['1.005', 9, 2],
  ])('%j is no decimal(%i,%i)', (text, precision, scale) => {
    expect(() => unscaledOf(text, precision, scale)).toThrow(RangeError);
    expect(smallUnscaledOf(text, precision, scale)).toBeUndefined();
  });

  it('come back as the canonical text', () => {
    const cases = fc
      .integer({ min: 1, max: 38 })
      .chain((precision) =>
        fc.tuple(
          fc.constant(precision),
          fc.integer({ min: 0, max: precision }),
          fc.bigInt({ min: -(10n ** BigInt(precision)) + 1n, max: 10n ** BigInt(precision) - 1n }),
        ),
      );
    fc.assert(
      fc.property(cases, ([precision, scale, unscaled]) => {
        const text = decimalTextOf(unscaled, scale);
        expect(text).toMatch(scale === 0 ? /^-?\d+$/ : new RegExp(`^-?\\d+\\.\\d{${scale}}$`));
        expect(unscaledOf(text, precision, scale)).toBe(unscaled);
      }),
      { seed: 20_261_123 },
    );
  });

  it('are read fast as they are read slowly', () => {
    const text = fc.oneof(fc.stringMatching(/^[-+]?\d{0,16}(\.\d{0,5})?$/), fc.string({ maxLength: 6 }));
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 18 }), fc.integer({ min: 0, max: 4 }), (t, precision, scale) => {
        const fast = smallUnscaledOf(t, precision, Math.min(scale, precision));
        if (fast !== undefined) expect(BigInt(fast)).toBe(unscaledOf(t, precision, Math.min(scale, precision)));
        expect(Object.is(fast, -0)).toBe(false);
      }),
      { seed: 20_261_123, numRuns: 2000 },
    );
  });
});
