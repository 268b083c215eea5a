import fc from 'fast-check';
import { expect, test } from 'vitest';
import { range, rangeText, type Range } from './range.js';

const POSITION_A = '0001-0000000000000001-00000000';
const POSITION_B = '0001-0000000000000002-00000007';
const HEX_A = 'a'.repeat(64);
const HEX_B = 'b'.repeat(64);

// These texts are hashed into batch ids: they must never change.
test.each<[string, Range]>([
  [`log:${POSITION_A}..${POSITION_B}`, { kind: 'log', first: POSITION_A, last: POSITION_B }],
  ['run:people:2026-01-01:3', { kind: 'run', run: 'people:2026-01-01', part: 3 }],
  [`drop:${HEX_A}:0-1017067`, { kind: 'drop', sha256: HEX_A, from: 0, to: 1_017_067 }],
  [`events:${HEX_A}`, { kind: 'events', digest: HEX_A, count: 500 }],
])('%s', (text, value) => {
  expect(rangeText(range.parse(value))).toBe(text);
});

const anyPosition = fc.constantFrom(POSITION_A, POSITION_B);
const anyHex = fc.constantFrom(HEX_A, HEX_B);
const small = fc.nat(3);
const anyRange: fc.Arbitrary<Range> = fc.oneof(
  fc.record({ kind: fc.constant('log' as const), first: anyPosition, last: anyPosition }),
  fc.record({ kind: fc.constant('run' as const), run: fc.constantFrom('a', 'a:1', 'a:1:2'), part: small }),
  fc.record({ kind: fc.constant('drop' as const), sha256: anyHex, from: small, to: small }),
  fc.record({ kind: fc.constant('events' as const), digest: anyHex, count: fc.constant(1) }),
);

test('two ranges have one text only when they are the same range', () => {
  fc.assert(
    fc.property(anyRange, anyRange, (a, b) => {
      const same = JSON.stringify(range.parse(a)) === JSON.stringify(range.parse(b));
      expect(rangeText(a) === rangeText(b)).toBe(same);
    }),
  );
});

test('the number of events is told, but does not identify them', () => {
  const one: Range = { kind: 'events', digest: HEX_A, count: 1 };
  expect(rangeText(one)).toBe(rangeText({ ...one, count: 2 }));
});
