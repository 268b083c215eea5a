import { seededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { ByteSink } from './byte-sink.js';
import { writeIndexes, writeLevels } from './levels.js';
import { packBits } from './pack-bits.js';
import { readRuns } from './read-runs.js';

function read(bytes: readonly number[], width: number, count: number): number[] {
  const out = new Uint16Array(count);
  readRuns(Uint8Array.from(bytes), width, out);
  return [...out];
}

describe('runs', () => {
  it('of both kinds follow each other', () => {
    expect(read([6, 5, 3, 0b10_001_000, 0b11_000_110, 0b11_111_010, 4, 2], 3, 13)).toEqual([
      5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7, 2, 2,
    ]);
    expect(read([8], 0, 4)).toEqual([0, 0, 0, 0]);
    expect(read([], 3, 0)).toEqual([]);
  });

  it('give back indexes of every width, and levels', () => {
    const random = seededRandom();
    for (let width = 1; width <= 13; width += 1) {
      for (const count of [1, 7, 8, 9, 1000]) {
        const size = 2 ** (width - 1) + 1;
        const indexes = Uint16Array.from({ length: count }, () => random.below(size));
        const sink = new ByteSink();
        writeIndexes(sink, indexes, count, size);
        const out = new Uint16Array(count);
        readRuns(sink.bytes().subarray(1), sink.bytes()[0] ?? 0, out);
        expect(out).toEqual(indexes);
        const present = Uint8Array.from({ length: count }, () => random.below(2));
        const { bits, ones } = packBits(present);
        sink.clear();
        writeLevels(sink, count, ones, bits);
        const levels = new Uint8Array(count);
        readRuns(sink.bytes(), 1, levels);
        expect(levels).toEqual(present);
      }
    }
  });

  it.each([
    ['nothing', [], 1, 1],
    ['a header that does not end', [0x80], 1, 1],
    ['a header of too many bytes', [0x80, 0x80, 0x80, 0x80, 0x80, 0x01], 1, 1],
    ['a run without its value', [2], 1, 1],
    ['an empty run', [0, 1, 2, 1], 1, 1],
    ['an empty packed run', [1, 2, 1], 1, 1],
    ['a run of more than there is', [4, 1], 1, 1],
    ['a packed run of more than there is', [5, 1, 1], 1, 8],
    ['a packed run that is cut off', [3, 1], 2, 8],
    ['a packed run beyond all bytes', [0xff, 0xff, 0xff, 0xff, 0x0f, 1], 1, 0xffff],
    ['a value of more bits', [2, 4], 2, 1],
    ['more bytes', [2, 1, 0], 1, 1],
    ['fewer values', [2, 1], 1, 2],
    ['numbers too wide', [2, 1, 1, 1], 17, 1],
  ])('of %s are refused', (_, bytes, width, count) => {
    expect(() => read(bytes, width, count)).toThrow(Error);
  });
});
