import fc from 'fast-check';
import {
  DATE_INFINITY,
  DATE_MINUS_INFINITY,
  decimalTextOf,
  TIMESTAMP_INFINITY,
  TIMESTAMP_MINUS_INFINITY,
  type Value,
} from '@rollcall/catalog';

const unicode = fc.string({ unit: 'grapheme', maxLength: 60 }).filter((text) => !text.includes('\0'));
const micros = fc.bigInt({ min: -210_866_803_200_000_000n, max: TIMESTAMP_INFINITY - 1n });
const json = fc.json({ noUnicodeString: true }).filter((text) => !text.includes('\\u') && !text.includes('\0'));

/** Every type with values all over its range, and its edges. */
export const ANY_VALUE: Readonly<Record<string, fc.Arbitrary<Value>>> = {
  bool: fc.boolean(),
  int2: fc.integer({ min: -32_768, max: 32_767 }),
  int4: fc.integer(),
  int8: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  'decimal(9,2)': decimal(9, 2),
  'decimal(12,2)': decimal(12, 2),
  'decimal(18,5)': decimal(18, 5),
  'decimal(38,6)': fc
    .tuple(fc.bigInt({ min: -(10n ** 31n), max: 10n ** 31n }), fc.nat(999_999))
    .map(([whole, part]) => `${whole}.${String(part).padStart(6, '0')}`),
  numeric: fc.oneof(
    fc.constantFrom('NaN', 'Infinity', '-Infinity', '0', '-0.000', '0.00012', '100000000', '9999.9999'),
    fc.bigInt().map(String),
    fc.tuple(fc.bigInt(), fc.nat(40)).map(([value, scale]) => decimalTextOf(value, scale)),
  ),
  float4: fc.float(),
  float8: fc.double(),
  text: fc.oneof(unicode, fc.constantFrom('', '\\N', "'", '"', 'a'.repeat(65_536), '\t\r\n', '€'.repeat(50))),
  bytes: fc.uint8Array({ maxLength: 300 }),
  date: fc.oneof(
    fc.integer({ min: -2_440_588, max: 2_145_042_541 }),
    fc.constantFrom(DATE_INFINITY, DATE_MINUS_INFINITY),
  ),
  time: fc.bigInt({ min: 0n, max: 86_400_000_000n }),
  timestamp: fc.oneof(micros, fc.constantFrom(TIMESTAMP_INFINITY, TIMESTAMP_MINUS_INFINITY, -210_866_803_200_000_000n)),
  timestamptz: fc.oneof(micros, fc.constantFrom(TIMESTAMP_INFINITY, TIMESTAMP_MINUS_INFINITY, TIMESTAMP_INFINITY - 1n)),
  interval: fc.constantFrom('1 year 2 mons 3 days 04:05:06.5', 'P1Y2M3DT4H5M6.5S', '-00:00:01', '00:00:00'),
  uuid: fc.uuid(),
  json,
  array: fc
    .array(fc.oneof(fc.integer(), fc.constant(null), fc.constantFrom('a', 'é')))
    .map((items) => JSON.stringify(items)),
  other: unicode,
};

function decimal(precision: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(precision) - 1n;
  const unscaled = fc.oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -100_000n, max: 100_000n }));
  return unscaled.map((value) => decimalTextOf(value, scale));
}
