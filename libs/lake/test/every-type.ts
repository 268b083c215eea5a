import type { LogicalType, Value } from '@rollcall/catalog';
import fc from 'fast-check';
import type { LakeColumn } from '../src/batch/lake-column.js';

const INT64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const int64 = fc.bigInt(INT64);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '\0', '\ufeffbom', 'null', '🎓', '\u{10ffff}'),
);

/** Every type, with values over its whole range. */
export const EVERY_TYPE: readonly { readonly type: LogicalType; readonly value: fc.Arbitrary<Value> }[] = [
  { type: { name: 'bool' }, value: fc.boolean() },
  { type: { name: 'int2' }, value: fc.integer({ min: -32_768, max: 32_767 }) },
  { type: { name: 'int4' }, value: fc.integer() },
  { type: { name: 'int8' }, value: int64 },
  {
    type: { name: 'numeric' },
    value: fc.constantFrom(
      'NaN',
      'Infinity',
      '-Infinity',
      '1e5',
      '0.10',
      '12345678901234567890123456789012345678901234567890.5',
    ),
  },
  { type: { name: 'float4' }, value: fc.float() },
  { type: { name: 'float8' }, value: fc.double() },
  { type: { name: 'text' }, value: text },
  { type: { name: 'bytes' }, value: fc.uint8Array() },
  { type: { name: 'date' }, value: fc.integer() },
  { type: { name: 'time' }, value: fc.bigInt({ min: 0n, max: 86_400_000_000n }) },
  { type: { name: 'timestamp' }, value: int64 },
  { type: { name: 'timestamptz' }, value: int64 },
  { type: { name: 'interval' }, value: text },
  { type: { name: 'uuid' }, value: fc.uuid() },
  { type: { name: 'json' }, value: fc.json() },
  { type: { name: 'array' }, value: fc.json() },
  { type: { name: 'other' }, value: text },
  ...[1, 4, 9, 10, 18, 19, 28, 37, 38].flatMap((precision) =>
    [0, 1, precision].map((scale) => ({
      type: { name: 'decimal' as const, precision, scale },
      value: decimalOf(precision, scale),
    })),
  ),
];

function decimalOf(precision: number, scale: number): fc.Arbitrary<string> {
  const max = 10n ** BigInt(precision) - 1n;
  return fc.bigInt({ min: -max, max }).map((unscaled) => {
    const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0');
    const sign = unscaled < 0n ? '-' : '';
    return scale === 0 ? sign + digits : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  });
}

/** A column of each type, NULL among its values. */
export function columnsOf(rowCount: number): fc.Arbitrary<LakeColumn[]> {
  return fc.tuple(
    ...EVERY_TYPE.map(({ type, value }, i) =>
      fc
        .array(fc.option(value, { nil: null }), { minLength: rowCount, maxLength: rowCount })
        .map((values): LakeColumn => ({ name: `c${i}_${type.name}`, type, values })),
    ),
  );
}

/** Buffers and Uint8Arrays with the same bytes are the same value. */
export function plainValues(values: readonly Value[]): unknown[] {
  return values.map((v) => (v instanceof Uint8Array ? `bytes ${Buffer.from(v).toString('hex')}` : v));
}

/** A seed for fast-check, printed. */
export function printedSeed(): number {
  const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 2 ** 31);
  console.log(`random seed ${seed} (repeat with TEST_SEED=${seed})`);
  return seed;
}
