import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatLsn, parseLsn } from './lsn.js';

describe('LSN', () => {
  it('reads what it writes, as Postgres does', () => {
    expect(formatLsn(0x16_b374_d848n)).toBe('16/B374D848');
    expect(parseLsn('16/b374d848')).toBe(0x16_b374_d848n);
    expect(parseLsn('FFFFFFFF/FFFFFFFF')).toBe(0xffff_ffff_ffff_ffffn);
    fc.assert(fc.property(fc.bigInt({ min: 0n, max: (1n << 64n) - 1n }), (lsn) => parseLsn(formatLsn(lsn)) === lsn));
  });

  it.each(['', '0', '0/', '/0', '0/123456789', 'x/0', '0/0 '])('refuses %j', (text) => {
    expect(() => parseLsn(text)).toThrow(expect.objectContaining({ code: 'source/unfit' }) as Error);
  });

  it('refuses what does not fit', () => {
    expect(() => formatLsn(-1n)).toThrow(RangeError);
    expect(() => formatLsn(1n << 64n)).toThrow(RangeError);
  });
});
