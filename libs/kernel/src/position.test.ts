import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPosition, parsePosition, positionIndex, positionPrefix, type Position } from './position.js';

const anyPosition: fc.Arbitrary<Position> = fc.record({
  epoch: fc.integer({ min: 0, max: 0xffff }),
  point: fc.bigInt(0n, 0xffff_ffff_ffff_ffffn),
  index: fc.integer({ min: 0, max: 0xffff_ffff }),
});

function compare(a: Position, b: Position): number {
  return a.epoch - b.epoch || (a.point < b.point ? -1 : a.point > b.point ? 1 : 0) || a.index - b.index;
}

test.each<[Position, string]>([
  [{ epoch: 0, point: 0n, index: 0 }, '0000-0000000000000000-00000000'],
  [{ epoch: 1, point: 0x16b_3748n, index: 26 }, '0001-00000000016b3748-0000001a'],
  [{ epoch: 0xffff, point: 0xffff_ffff_ffff_ffffn, index: 0xffff_ffff }, 'ffff-ffffffffffffffff-ffffffff'],
])('%o is %s', (position, text) => {
  expect(formatPosition(position)).toBe(text);
  expect(parsePosition(text)).toEqual(position);
});

test('a position reads back as itself', () => {
  fc.assert(
    fc.property(anyPosition, (position) => {
      const text = formatPosition(position);
      expect(parsePosition(text)).toEqual(position);
      expect(positionPrefix(position.epoch, position.point) + positionIndex(position.index)).toBe(text);
    }),
  );
});

test('texts compare as positions do, byte by byte', () => {
  fc.assert(
    fc.property(anyPosition, anyPosition, (a, b) => {
      const byBytes = Buffer.compare(Buffer.from(formatPosition(a)), Buffer.from(formatPosition(b)));
      expect(Math.sign(byBytes)).toBe(Math.sign(compare(a, b)));
    }),
  );
});

test.each<Position>([
  { epoch: -1, point: 0n, index: 0 },
  { epoch: 0x1_0000, point: 0n, index: 0 },
  { epoch: 0.5, point: 0n, index: 0 },
  { epoch: 0, point: -1n, index: 0 },
  { epoch: 0, point: 0x1_0000_0000_0000_0000n, index: 0 },
  { epoch: 0, point: 0n, index: -1 },
  { epoch: 0, point: 0n, index: 0x1_0000_0000 },
  { epoch: 0, point: 0n, index: Number.NaN },
])('refuses what does not fit: %o', (position) => {
  expect(() => formatPosition(position)).toThrow(RangeError);
});

test.each([
  '',
  '0001',
  '0001-00000000016b3748-0000001',
  '0001-00000000016B3748-0000001a',
  ' 0001-00000000016b3748-0000001a',
  '0001_00000000016b3748_0000001a',
])('"%s" is no position', (text) => {
  expect(parsePosition(text)).toBeUndefined();
});
