import fc from 'fast-check';
import { expect, test } from 'vitest';
import { civilFromDays, daysFromCivil, daysInMonth } from './civil.js';

test.each<[number, number, number, number]>([
  [1970, 1, 1, 0],
  [1969, 12, 31, -1],
  [2000, 2, 29, 11_016],
  [2021, 6, 2, 18_780],
  [1, 1, 1, -719_162],
  [0, 1, 1, -719_528],
  [-4713, 11, 24, -2_440_588],
  [9999, 12, 31, 2_932_896],
])('%i-%i-%i is day %i', (year, month, day, days) => {
  expect(daysFromCivil(year, month, day)).toBe(days);
  expect(civilFromDays(days)).toEqual({ year, month, day });
});

test('agrees with Date on every day it knows, and reads back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -50_000_000, max: 50_000_000 }), (days) => {
      const { year, month, day } = civilFromDays(days);
      const date = new Date(days * 86_400_000);
      expect([year, month, day]).toEqual([date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()]);
      expect(daysFromCivil(year, month, day)).toBe(days);
      expect(day).toBeLessThanOrEqual(daysInMonth(year, month));
    }),
  );
});

test.each([
  [1900, 28],
  [2000, 29],
  [2021, 28],
  [2024, 29],
  [0, 29],
])('February of %i has %i days', (year, days) => {
  expect(daysInMonth(year, 2)).toBe(days);
});

test.each([0, 13, -1, Number.NaN])('month %d has no day', (month) => {
  expect(daysInMonth(2021, month)).toBe(0);
});
