import { describe, expect, it } from 'vitest';
import {
  parseCountUpTo,
  parseDatasetName,
  parseDuration,
  parseInstant,
  parseRate,
  parseSeed,
  parseShare,
} from './parse-option.js';

describe('options', () => {
  it('reads durations, shares, rates, counts and instants', () => {
    expect([parseDuration('30s'), parseDuration('1.5h'), parseDuration('14d')]).toEqual([
      30_000, 5_400_000, 1_209_600_000,
    ]);
    expect([parseShare('1%'), parseShare('0.001'), parseShare('0')]).toEqual([0.01, 0.001, 0]);
    expect([parseRate('10'), parseRate('50000'), parseRate('max')]).toEqual([10, 50_000, Infinity]);
    expect(parseCountUpTo(2e6)('1_000_000')).toBe(1_000_000);
    expect(parseInstant('2026-01-31')).toBe(Date.UTC(2026, 0, 31));
    expect(parseInstant('2026-01-31T08:00')).toBe(Date.UTC(2026, 0, 31, 8));
    expect(parseInstant('2026-01-31T08:00:00+01:00')).toBe(Date.UTC(2026, 0, 31, 7));
  });

  it.each<[string, () => unknown]>([
    ['a duration without a unit', () => parseDuration('30')],
    ['no duration', () => parseDuration('')],
    ['more than everything', () => parseShare('101%')],
    ['no share', () => parseShare('%')],
    ['a rate of nothing', () => parseRate('0')],
    ['a rate above the limit', () => parseRate('50001')],
    ['half an event', () => parseCountUpTo(10)('1.5')],
    ['more than the limit', () => parseCountUpTo(10)('11')],
    ['no instant', () => parseInstant('yesterday')],
    ['a day that is not', () => parseInstant('2026-13-01')],
    ['a seed with a slash', () => parseSeed('a/b')],
    ['a dataset in capitals', () => parseDatasetName('Answers')],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow();
  });
});
