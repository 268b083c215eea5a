import { valueToText } from '@rollcall/catalog';
import fc from 'fast-check';

/** What the syntax of arrays, rows, ranges, COPY and JSON is made of, and what else a text may hold. */
const NASTY = [
  '"',
  '\\',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  ',',
  ';',
  ' ',
  '\n',
  '\t',
  '\r',
  "'",
  'NULL',
  'é',
  '𝄞',
  '\u202e',
  'a',
  '0',
  '\x01',
  '\\N',
];

export const anyText = fc.oneof(
  fc.string({ unit: fc.constantFrom(...NASTY), maxLength: 12 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }).filter((text) => !text.includes('\0')),
  fc.constantFrom('', ' ', 'NULL', 'null', '{}', '()', '""'),
);

function decimal(precision: number, scale: number): fc.Arbitrary<string> {
  // As often short as long.
  return fc
    .integer({ min: 1, max: precision })
    .chain((digits) => fc.bigInt({ min: -(10n ** BigInt(digits)) + 1n, max: 10n ** BigInt(digits) - 1n }))
    .map((unscaled) => `${unscaled}e-${scale}`);
}

function whole(min: bigint, max: bigint): fc.Arbitrary<string> {
  return fc
    .oneof(fc.bigInt({ min, max }), fc.bigInt({ min: -1000n, max: 1000n }), fc.constantFrom(min, max))
    .map(String);
}

const instant = fc.oneof(
  fc.bigInt({ min: -210_866_803_200_000_000n, max: 9_223_372_036_854_775_806n }),
  fc.bigInt({ min: 1_500_000_000_000_000n, max: 1_900_000_000_000_000n }),
  fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
  fc.constantFrom(2n ** 63n - 1n, -(2n ** 63n)),
);

/** The shortest text of a 64-bit float names a 32-bit one exactly too, where it is one. */
function float(value: number): string {
  return Object.is(value, -0) ? '-0' : String(value);
}

/** Types, and texts that the server takes as values of them. */
export const ANY_SCALAR: readonly (readonly [type: string, value: fc.Arbitrary<string>])[] = [
  ['bool', fc.constantFrom('t', 'f')],
  ['int2', whole(-32_768n, 32_767n)],
  ['int4', whole(-(2n ** 31n), 2n ** 31n - 1n)],
  ['int8', whole(-(2n ** 63n), 2n ** 63n - 1n)],
  ['numeric(7,2)', decimal(7, 2)],
  ['numeric(9,9)', decimal(9, 9)],
  ['numeric(12,2)', decimal(12, 2)],
  ['numeric(18,0)', decimal(18, 0)],
  ['numeric(18,7)', decimal(18, 7)],
  ['numeric(38,0)', decimal(38, 0)],
  ['numeric(38,10)', decimal(38, 10)],
  ['numeric(38,38)', decimal(38, 38)],
  ['numeric', fc.oneof(decimal(60, 20), fc.constantFrom('NaN', 'Infinity', '-Infinity', '1.500', '0.00'))],
  ['float4', fc.float().map(float)],
  ['float8', fc.double().map(float)],
  ['text', anyText],
  ['varchar(100)', fc.string({ unit: fc.constantFrom(...NASTY.filter((unit) => unit.length === 1)), maxLength: 12 })],
  ['char(8)', fc.string({ unit: fc.constantFrom('a', ' ', 'é', '"'), maxLength: 8 })],
  ['bytea', fc.uint8Array({ maxLength: 40 }).map((bytes) => `\\x${Buffer.from(bytes).toString('hex')}`)],
  [
    'date',
    fc
      .oneof(fc.integer({ min: -2_440_588, max: 2_145_042_904 }), fc.integer({ min: -1000, max: 40_000 }))
      .map((days) => valueToText({ name: 'date' }, days) ?? ''),
  ],
  ['time', fc.bigInt({ min: 0n, max: 86_400_000_000n }).map((micros) => valueToText({ name: 'time' }, micros) ?? '')],
  ['timestamp', instant.map((micros) => valueToText({ name: 'timestamp' }, micros) ?? '')],
  ['timestamptz', instant.map((micros) => valueToText({ name: 'timestamptz' }, micros) ?? '')],
  [
    'interval',
    fc
      .tuple(fc.integer(), fc.integer(), fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }))
      .map(([months, days, micros]) => `${months} mons ${days} days ${micros} microseconds`),
  ],
  ['uuid', fc.uuid()],
  ['json', fc.json()],
  ['jsonb', fc.json().filter((json) => !json.includes('\\u0000'))],
  ['mood', fc.constantFrom('sad', `it's "ok", {x}`, '')],
  [
    'inet',
    fc.oneof(
      fc.ipV4(),
      fc.ipV6().map((address) => `${address}/64`),
      fc.ipV4().map((address) => `${address}/9`),
    ),
  ],
  ['varbit', fc.string({ unit: fc.constantFrom('0', '1'), maxLength: 70 })],
  ['oid', fc.nat().map(String)],
  [
    'point',
    fc.tuple(fc.double({ noNaN: true }), fc.double({ noNaN: true })).map(([x, y]) => `(${float(x)},${float(y)})`),
  ],
];
