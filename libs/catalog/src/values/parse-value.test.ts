import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATE_INFINITY, DATE_MINUS_INFINITY, parseLogicalType, type LogicalType, type Value } from '../logical-type.js';
import { parseValue } from './parse-value.js';

function typeOf(text: string): LogicalType {
  const type = parseLogicalType(text);
  if (!type) throw new RangeError(`no type ${text}`);
  return type;
}

function read(type: string, raw: unknown): Value | 'does not fit' {
  const parsed = parseValue(typeOf(type), raw);
  return parsed.ok ? parsed.value : 'does not fit';
}

const NO = 'does not fit';

describe.each<[string, readonly (readonly [unknown, Value | typeof NO])[]]>([
  [
    'bool',
    [
      ...['true', 't', 'True', 'TRUE', 'yes', 'Y', 'on', '1', ' true ', true, 1].map((raw) => [raw, true] as const),
      ...['false', 'f', 'False', 'FALSE', 'no', 'N', 'off', '0', false, 0].map((raw) => [raw, false] as const),
      ...['', 'maybe', '2', 'tru', 2, 0.5, {}, []].map((raw) => [raw, NO] as const),
    ],
  ],
  [
    'int2',
    [
      ['32767', 32_767],
      ['-32768', -32_768],
      ['+7', 7],
      ['007', 7],
      ['12.0', 12],
      [' 12 ', 12],
      ['-0', 0],
      [-0, 0],
      [12, 12],
      ['32768', NO],
      ['-32769', NO],
      [40_000, NO],
      ['12.5', NO],
      [12.5, NO],
      ['12.', NO],
      ['1e3', NO],
      ['', NO],
      ['-', NO],
      ['0x10', NO],
      ['１２', NO],
      [true, NO],
    ],
  ],
  [
    'int4',
    [
      ['2147483647', 2_147_483_647],
      ['2147483648', NO],
      ['-2147483648', -2_147_483_648],
      ['-2147483649', NO],
    ],
  ],
  [
    'int8',
    [
      ['18946', 18_946n],
      ['9223372036854775807', 9_223_372_036_854_775_807n],
      ['-9223372036854775808', -9_223_372_036_854_775_808n],
      ['+9223372036854775807', 9_223_372_036_854_775_807n],
      ['9223372036854775808', NO],
      ['-9223372036854775809', NO],
      ['9007199254740993.00', 9_007_199_254_740_993n],
      [9_007_199_254_740_991, 9_007_199_254_740_991n],
      [9_007_199_254_740_992, NO],
      [9_223_372_036_854_775_807n, 9_223_372_036_854_775_807n],
      ['9'.repeat(1000), NO],
      ['0'.repeat(50) + '7', 7n],
      ['abc', NO],
    ],
  ],
  [
    'decimal(5,2)',
    [
      ['12.5', '12.50'],
      ['-12.50', '-12.50'],
      ['999.99', '999.99'],
      ['000012.500', '12.50'],
      ['1.2e1', '12.00'],
      ['-0.001e1', '-0.01'],
      ['.5', '0.50'],
      ['5.', '5.00'],
      ['-0', '0.00'],
      [12.25, '12.25'],
      [7, '7.00'],
      ['1000', NO],
      ['12.345', NO],
      [0.1 + 0.2, NO],
      ['NaN', NO],
      ['1,5', NO],
      ['.', NO],
      ['1e99999999', NO],
      ['', NO],
    ],
  ],
  [
    'decimal(38,0)',
    [
      ['9'.repeat(38), '9'.repeat(38)],
      ['9'.repeat(39), NO],
      [2 ** 53, NO],
    ],
  ],
  [
    'decimal(2,2)',
    [
      ['0.12', '0.12'],
      ['1.12', NO],
    ],
  ],
  [
    'numeric',
    [
      ['1.50', '1.50'],
      ['-0.0', '0.0'],
      ['1e3', '1000'],
      ['1.5E-3', '0.0015'],
      ['123456789012345678901234567890.123456789', '123456789012345678901234567890.123456789'],
      ['nan', 'NaN'],
      ['-inf', '-Infinity'],
      ['Infinity', 'Infinity'],
      ['1e131073', NO],
      ['1e-16384', NO],
      [Number.NaN, NO],
      ['x', NO],
    ],
  ],
  [
    'float8',
    [
      ['1.5', 1.5],
      ['-1e308', -1e308],
      ['1e309', NO],
      ['5e-324', 5e-324],
      ['1e-400', NO],
      ['0e-400', 0],
      ['inf', Number.POSITIVE_INFINITY],
      ['-Infinity', Number.NEGATIVE_INFINITY],
      [0.1, 0.1],
      ['0x10', NO],
      ['1,5', NO],
      ['', NO],
    ],
  ],
  [
    'float4',
    [
      ['0.1', Math.fround(0.1)],
      ['1e39', NO],
      [1e39, NO],
      ['1e-60', NO],
      [16_777_217, 16_777_216],
    ],
  ],
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
      ['FB16866D-AE4D-416F-8848-122B07DA42F5', 'fb16866d-ae4d-416f-8848-122b07da42f5'],
      ['{fb16866dae4d416f8848122b07da42f5}', 'fb16866d-ae4d-416f-8848-122b07da42f5'],
      ['fb16866d-ae4d-416f-8848-122b07da42f', NO],
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

  test('nothing is NULL', () => {
    expect([read(type, null), read(type, undefined)]).toEqual([null, null]);
  });

  test('a function or a symbol does not fit', () => {
    expect([read(type, () => 1), read(type, Symbol('x'))]).toEqual([NO, NO]);
  });
});

test('float4 and float8 know NaN', () => {
  expect([read('float4', 'NaN'), read('float8', 'nan')]).toEqual([Number.NaN, Number.NaN]);
});

test('whatever is sent, no parser throws', () => {
  const types = [
    'bool',
    'int2',
    'int8',
    'decimal(9,3)',
    'numeric',
    'float4',
    'text',
    'bytes',
    'date',
    'time',
    'timestamptz',
    'interval',
    'uuid',
    'json',
    'array',
  ];
  fc.assert(
    fc.property(fc.constantFrom(...types), fc.anything({ withBigInt: true, withNullPrototype: true }), (type, raw) => {
      expect(() => read(type, raw)).not.toThrow();
    }),
    { numRuns: 3000 },
  );
});
