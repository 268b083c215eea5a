import { describe, expect, it } from 'vitest';
import { qualified, quoteIdentifier, quoteLiteral, suffixed } from './quote-identifier.js';

describe('quoteIdentifier', () => {
  it('quotes whatever stands in a name', () => {
    expect(quoteIdentifier('a"; DROP TABLE x; --')).toBe('"a""; DROP TABLE x; --"');
    expect(qualified('raw', 'users')).toBe('"raw"."users"');
  });

  it('refuses what cannot be a name', () => {
    for (const name of ['', 'a\0', 'x'.repeat(64), 'é'.repeat(32)])
      expect(() => quoteIdentifier(name)).toThrow(RangeError);
    expect(quoteIdentifier('x'.repeat(63))).toHaveLength(65);
  });
});

describe('suffixed', () => {
  it('keeps long names apart that would be one when cut', () => {
    const [a, b] = ['x'.repeat(62) + 'a', 'x'.repeat(62) + 'b'].map((name) => suffixed(name, '__2'));
    expect(a).not.toBe(b);
    expect([a, b].every((name) => name !== undefined && name.length <= 63 && name.endsWith('__2'))).toBe(true);
    expect(suffixed('amount', '__2')).toBe('amount__2');
  });
});

describe('quoteLiteral', () => {
  it('quotes quotes and backslashes', () => {
    expect(quoteLiteral(`it's`)).toBe(`'it''s'`);
    expect(quoteLiteral('a\\b')).toBe(`E'a\\\\b'`);
  });
});
