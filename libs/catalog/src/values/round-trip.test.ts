import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DATE_INFINITY, DATE_MINUS_INFINITY, type LogicalType, type Value } from '../logical-type.js';
import { parseValue } from './parse-value.js';
import { valueToJson } from './value-to-json.js';
import { valueToText } from './value-to-text.js';

const text = fc.string({ unit: 'grapheme' }).filter((one) => !one.includes('\0'));
const digits = (max: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{1,${max}}$`));

function decimalText(whole: string, fraction: string, negative: boolean): string {
  const head = whole.replace(/^0+(?=\d)/, '');
  const value = fraction === '' ? head : `${head}.${fraction}`;
  return negative && /[1-9]/.test(value) ? `-${value}` : value;
}

const jsonText = fc
  .jsonValue()
  .map((value) => JSON.stringify(value))
  .filter((one) => parseValue({ name: 'json' }, one).ok);

const VALUES: readonly (readonly [LogicalType, fc.Arbitrary<Value>])[] = [
  [{ name: 'bool' }, fc.boolean()],
  [{ name: 'int2' }, fc.integer({ min: -32_768, max: 32_767 })],
  [{ name: 'int4' }, fc.integer()],
  [{ name: 'int8' }, fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n)],
  [
    { name: 'decimal', precision: 20, scale: 4 },
    fc.tuple(digits(16), fc.stringMatching(/^\d{4}$/), fc.boolean()).map((parts) => decimalText(...parts)),
  ],
  [
    { name: 'numeric' },
    fc.oneof(
      fc.tuple(digits(60), fc.oneof(digits(60), fc.constant('')), fc.boolean()).map((parts) => decimalText(...parts)),
      fc.constantFrom('NaN', 'Infinity', '-Infinity'),
    ),
  ],
  [{ name: 'float4' }, fc.oneof(fc.float(), fc.constant(-0))],
  [{ name: 'float8' }, fc.double()],
  [{ name: 'text' }, text],
  [{ name: 'other' }, text],
  [{ name: 'bytes' }, fc.uint8Array().map((bytes) => Uint8Array.from(bytes))],
  [
    { name: 'date' },
    fc.oneof(fc.integer({ min: -2_440_588, max: 2_145_042_905 }), fc.constantFrom(DATE_INFINITY, DATE_MINUS_INFINITY)),
  ],
  [{ name: 'time' }, fc.bigInt(0n, 86_400_000_000n)],
  [{ name: 'timestamp' }, fc.bigInt(-210_866_803_200_000_000n, 2n ** 63n - 1n)],
  [{ name: 'timestamptz' }, fc.bigInt(-210_866_803_200_000_000n, 2n ** 63n - 1n)],
  [{ name: 'interval' }, fc.constantFrom('1 day', 'PT15M', '-1 days +02:03:04', '00:00:00')],
  [{ name: 'uuid' }, fc.uuid()],
  [{ name: 'json' }, jsonText],
  [{ name: 'array' }, jsonText.map((one) => `[${one}]`)],
];

describe.each(VALUES)('$name', (type, values) => {
  test('reads back from its text', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(parseValue(type, valueToText(type, value))).toEqual({ ok: true, value });
      }),
    );
  });

  test('reads back from its JSON, through JSON', () => {
    fc.assert(
      fc.property(values, (value) => {
        const raw: unknown = JSON.parse(JSON.stringify(valueToJson(type, value)));
        // JSON.stringify knows no -0; Postgres and JSON hold it equal to 0.
        expect(parseValue(type, raw)).toEqual({ ok: true, value: Object.is(value, -0) ? 0 : value });
      }),
    );
  });

  test('null stays null', () => {
    expect([valueToText(type, null), valueToJson(type, null)]).toEqual([null, null]);
  });
});

test.each<[LogicalType, Value, string, unknown]>([
  [{ name: 'bool' }, true, 'true', true],
  [{ name: 'int4' }, -7, '-7', -7],
  [{ name: 'int8' }, 9_007_199_254_740_993n, '9007199254740993', '9007199254740993'],
  [{ name: 'decimal', precision: 5, scale: 2 }, '12.50', '12.50', '12.50'],
  [{ name: 'float4' }, Math.fround(0.1), '0.1', 0.1],
  [{ name: 'float4' }, Math.fround(16_777_217), '16777216', 16_777_216],
  [{ name: 'float4' }, -0, '-0', -0],
  [{ name: 'float8' }, -0, '-0', -0],
  [{ name: 'float8' }, Number.NaN, 'NaN', 'NaN'],
  [{ name: 'float8' }, Number.NEGATIVE_INFINITY, '-Infinity', '-Infinity'],
  [{ name: 'bytes' }, Uint8Array.of(0, 255), '\\x00ff', 'AP8='],
  [{ name: 'date' }, 18_780, '2021-06-02', '2021-06-02'],
  [{ name: 'date' }, -719_163, '0001-12-31 BC', '0001-12-31 BC'],
  [{ name: 'date' }, DATE_INFINITY, 'infinity', 'infinity'],
  [{ name: 'time' }, 38_694_000_001n, '10:44:54.000001', '10:44:54.000001'],
  [{ name: 'timestamp' }, -1n, '1969-12-31T23:59:59.999999', '1969-12-31T23:59:59.999999'],
  [{ name: 'timestamptz' }, 1_622_630_694_000_000n, '2021-06-02T10:44:54Z', '2021-06-02T10:44:54Z'],
  [{ name: 'timestamptz' }, 1_622_630_694_120_000n, '2021-06-02T10:44:54.120000Z', '2021-06-02T10:44:54.120000Z'],
  [{ name: 'json' }, '{"a": 1}', '{"a": 1}', '{"a": 1}'],
])('a %o is shown', (type, value, shown, json) => {
  expect(valueToText(type, value)).toBe(shown);
  expect(valueToJson(type, value)).toBe(json);
});
