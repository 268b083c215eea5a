import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NO, read, type TypeCases } from '../../test/read-value.js';
import { DATE_INFINITY, DATE_MINUS_INFINITY, SIMPLE_TYPE_NAMES } from '../logical-type.js';

describe.each<TypeCases>([
  [
    'text',
    [
      ['', ''],
      [' kept ', ' kept '],
      ['é🎉', 'é🎉'],
      [18_946, '18946'],
      [true, 'true'],
      [1.5, '1.5'],
      ['a\0b', NO],
      ['\ud800', NO],
      ['\udc00\ud800', NO],
      [2 ** 60, NO],
      [{}, NO],
      [['a'], NO],
    ],
  ],
  [
    'uuid',
    [
      ['5D0C7B1E-93A4-4C2F-8E61-7A2B90C4D318', '5d0c7b1e-93a4-4c2f-8e61-7a2b90c4d318'],
      ['{5d0c7b1e93a44c2f8e617a2b90c4d318}', '5d0c7b1e-93a4-4c2f-8e61-7a2b90c4d318'],
      ['5d0c7b1e-93a4-4c2f-8e61-7a2b90c4d31', NO],
      ['gb16866d-ae4d-416f-8848-122b07da42f5', NO],
      [7, NO],
    ],
  ],
  [
    'date',
    [
      ['1970-01-01', 0],
      ['2021-06-02', 18_780],
      ['20210602', 18_780],
      ['2021-06-02 00:00:00', 18_780],
      ['2021-06-02T02:00:00+02:00', 18_780],
      ['0001-01-01', -719_162],
      ['0001-12-31 BC', -719_163],
      ['5874897-12-31', 2_145_042_905],
      ['infinity', DATE_INFINITY],
      ['-infinity', DATE_MINUS_INFINITY],
      ['2021-02-30', NO],
      ['2021-06-02 10:44:54', NO],
      ['5874898-01-01', NO],
      ['4715-01-01 BC', NO],
      ['1622592000', NO],
      [1_622_592_000, NO],
      ['', NO],
    ],
  ],
  [
    'time',
    [
      ['10:44', 38_640_000_000n],
      ['10:44:54', 38_694_000_000n],
      ['10:44:54.000001', 38_694_000_001n],
      ['24:00:00', 86_400_000_000n],
      ['24:00:00.000001', NO],
      ['25:00', NO],
      ['10:60', NO],
      ['10:44:60', NO],
      ['10:44:54.', NO],
      ['10:44:54.1234567', NO],
      ['10:44:54x', NO],
      ['1:44', NO],
    ],
  ],
  [
    'bytes',
    [
      ['\\x00ff', Uint8Array.of(0, 255)],
      ['\\x', Uint8Array.of()],
      ['AP8=', Uint8Array.of(0, 255)],
      ['', Uint8Array.of()],
      [Uint8Array.of(7), Uint8Array.of(7)],
      ['\\x0', NO],
      ['\\xzz', NO],
      ['AP8', NO],
      ['A*==', NO],
      [7, NO],
    ],
  ],
  [
    'interval',
    [
      ['1 year 2 mons 3 days 04:05:06.789', '1 year 2 mons 3 days 04:05:06.789'],
      ['-1 days +02:03:04', '-1 days +02:03:04'],
      ['00:00:00', '00:00:00'],
      ['90 minutes', '90 minutes'],
      ['P1Y2M3DT4H5M6.5S', 'P1Y2M3DT4H5M6.5S'],
      ['PT15M', 'PT15M'],
      ['', NO],
      ['P', NO],
      ['PT', NO],
      ['1 day 2 days', NO],
      ['1 fortnight', NO],
      ['9999999 years', NO],
      ['04:65', NO],
    ],
  ],
  [
    'json',
    [
      ['{"a": 1}', '{"a": 1}'],
      ['"text"', '"text"'],
      ['1e999', '1e999'],
      [{ a: [1, null] }, '{"a":[1,null]}'],
      [7, '7'],
      [[Number.POSITIVE_INFINITY], NO],
      [false, 'false'],
      ['text', NO],
      ['{"a":}', NO],
      ['"\\u0000"', NO],
      ['{"\\ud800":1}', NO],
      ['1e1000', NO],
      ['{"a":"1e1000"}', '{"a":"1e1000"}'],
      ['"\\\\u0000"', '"\\\\u0000"'],
      ['['.repeat(501) + ']'.repeat(501), NO],
      ['['.repeat(500) + ']'.repeat(500), '['.repeat(500) + ']'.repeat(500)],
      ['['.repeat(200_000), NO],
      ['', NO],
    ],
  ],
  [
    'array',
    [
      ['[1, 2]', '[1, 2]'],
      [['a', ['b']], '["a",["b"]]'],
      ['{"a":1}', NO],
      [{ a: 1 }, NO],
      ['{1,2}', NO],
    ],
  ],
  [
    'other',
    [
      ['(1,2)', '(1,2)'],
      ['a\0', NO],
    ],
  ],
])('%s', (type, cases) => {
  test.each(cases)('%o is %o', (raw, value) => {
    expect(read(type, raw)).toEqual(value);
  });
});

describe.each([...SIMPLE_TYPE_NAMES, 'decimal(5,2)'])('every type: %s', (type) => {
  test('nothing is NULL', () => {
    expect([read(type, null), read(type, undefined)]).toEqual([null, null]);
  });

  test('a function or a symbol does not fit', () => {
    expect([read(type, () => 1), read(type, Symbol('x'))]).toEqual([NO, NO]);
  });
});

test('whatever is sent, no parser throws', () => {
  const types = [...SIMPLE_TYPE_NAMES, 'decimal(9,3)'];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.anything({ withBigInt: true, withNullPrototype: true }), (type, raw) => {
      expect(() => read(type, raw)).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});
