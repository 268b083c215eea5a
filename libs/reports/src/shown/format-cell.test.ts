import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cell } from './api.js';
import { formatCompact, formatValue, type FormatOptions } from './format-cell.js';
import type { ValueFormat } from './format-value.js';

/** As people read it: the spaces that do not break are shown as blanks. */
const plain = (text: string): string => text.replace(/[\u00a0\u202f]/g, ' ');

test.each<[Cell, ValueFormat, string, FormatOptions?]>([
  [null, 'int', '–'],
  [null, 'text', '–'],
  ['', 'text', ''],
  [0, 'int', '0'],
  [999, 'int', '999'],
  [12345, 'int', '12 345'],
  ['9007199254740993', 'int', '9 007 199 254 740 993'],
  ['-9223372036854775808', 'int', '−9 223 372 036 854 775 808'],
  ['123456789012345678901234567890.5', 'int', '123 456 789 012 345 678 901 234 567 891'],
  ['-0.4', 'int', '0'],
  [0.05, 'num1', '0.1'],
  ['0.15', 'num1', '0.2'],
  ['1234.005', 'num2', '1 234.01'],
  [2, 'num1', '2.0'],
  [1e21, 'int', '1 000 000 000 000 000 000 000'],
  [1e-7, 'num2', '0.00'],
  ['NaN', 'num1', 'NaN'],
  ['-Infinity', 'num1', '−∞'],
  [0.624, 'pct1', '62.4 %'],
  ['1', 'pct1', '100.0 %'],
  [12345, 'int', '12 345 answers', { unit: 'answers' }],
  [12, 'int', '12 %', { unit: '%' }],
  [true, 'bool', 'Yes'],
  [false, 'bool', 'No'],
  ['abc', 'id', 'abc'],
  ['2026-08-03', 'day', '3 Aug 2026'],
  ['2026-08-01', 'month', 'Aug 2026'],
  ['2026-08-09', 'week', 'week of 3 Aug 2026'],
  ['2026-08-10', 'week', 'week of 10 Aug 2026'],
  ['2026-03-01', 'day', '1 Mar 2026', { zone: 'America/Los_Angeles' }],
  ['2026-08-03T12:04:05.123456Z', 'instant', '3 Aug 2026, 12:04 UTC'],
  ['2026-08-03 12:04:05+00', 'instant', '3 Aug 2026, 12:04 UTC'],
  ['2026-08-03T23:30:00.000000Z', 'instant', '4 Aug 2026, 01:30 CEST', { zone: 'Europe/Amsterdam' }],
  ['2026-08-03T23:30:00.000000Z', 'day', '4 Aug 2026', { zone: 'Europe/Amsterdam' }],
  ['infinity', 'day', 'infinity'],
  ['0044-03-15 BC', 'day', '0044-03-15 BC'],
])('%j as %s is %s', (value, format, text, options) => {
  expect(plain(formatValue(value, format, options))).toBe(text);
});

test.each<[Cell, ValueFormat, string]>([
  [99_999, 'int', '99 999'],
  [100_000, 'int', '100k'],
  ['123456', 'int', '123k'],
  [999_499, 'int', '999k'],
  [999_500, 'int', '1M'],
  [1_234_567, 'num1', '1.23M'],
  [12_345_678, 'int', '12.3M'],
  [-123_456_789, 'int', '−123M'],
  ['1200000', 'int', '1.2M'],
  ['9223372036854775807', 'int', '9 220 000T'],
  [null, 'int', '–'],
  [0.5, 'pct1', '50.0 %'],
  ['2026-08-03', 'day', '3 Aug 2026'],
])('%j in short as %s is %s', (value, format, text) => {
  expect(plain(formatCompact(value, format))).toBe(text);
});

test('no digit of a whole number is lost or added', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), (value) => {
      const text = formatValue(value.toString(), 'int');
      expect(BigInt(text.replaceAll('\u202f', '').replace('−', '-'))).toBe(value);
      expect(
        text
          .replace('−', '')
          .split('\u202f')
          .slice(1)
          .every((group) => /^\d{3}$/.test(group)),
      ).toBe(true);
    }),
  );
});
