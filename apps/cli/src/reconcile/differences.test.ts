import { describe, expect, it } from 'vitest';
import { differingRanges, differingRows, kindOf, rangeOf, stillDifferent } from './differences.js';

const sum = (range: number, rows: string, checksum: string) => ({ range, rows, checksum });
const there = (key: string, hash: string) => ({ key: [key], hash });
const here = (key: string, hash: string, position: string) => ({ key: [key], hash, position });

describe('differences of two sides', () => {
  it('are ranges with another count, another checksum, or rows on one side only', () => {
    const source = [sum(0, '1', '5'), sum(1, '2', '7'), sum(2, '1', '1'), sum(4, '1', '0')];
    expect(differingRanges(source, [sum(0, '1', '5'), sum(1, '3', '7'), sum(2, '1', '2'), sum(3, '1', '1')])).toEqual([
      1, 2, 3, 4,
    ]);
  });

  it('are rows that are missing, too many, or different', () => {
    const found = differingRows(
      0,
      [there('a', '1'), there('b', '2'), there('c', '3')],
      [here('a', '1', 'p'), here('c', '4', 'p'), here('d', '5', 'p')],
    );
    expect(found.map((row) => [row.key, kindOf(row)])).toEqual([
      [['b'], 'missing'],
      [['c'], 'different'],
      [['d'], 'extra'],
    ]);
  });

  it('tell keys of several columns apart, wherever a value ends', () => {
    const found = differingRows(
      0,
      [{ key: ['a,b', 'c'], hash: '1' }],
      [{ key: ['a', 'b,c'], hash: '1', position: '' }],
    );
    expect(found.map(kindOf)).toEqual(['missing', 'extra']);
  });

  it('stay where the warehouse stands still, however often the source changes, and go where it moves', () => {
    const before = differingRows(
      0,
      [there('stuck', '1'), there('behind', '1'), there('right', '1'), there('lost', '1'), there('back', '1')],
      [here('stuck', '0', 'p1'), here('behind', '0', 'p1'), here('right', '0', 'p1'), here('back', '0', 'p1')],
    );
    const now = differingRows(
      0,
      [
        there('stuck', '2'),
        there('behind', '2'),
        there('right', '1'),
        there('lost', '1'),
        there('new', '1'),
        there('back', '1'),
      ],
      [here('stuck', '0', 'p1'), here('behind', '1', 'p2'), here('right', '1', 'p2'), here('back', '0', 'p3')],
    );
    expect(stillDifferent(before, now).map(({ key }) => key)).toEqual([['stuck'], ['lost']]);
  });

  it('lie in ranges between bounds, open at both ends', () => {
    const bounds = [['b'], ['d']];
    expect([0, 1, 2].map((range) => rangeOf(bounds, range))).toEqual([
      { before: ['b'] },
      { from: ['b'], before: ['d'] },
      { from: ['d'] },
    ]);
    expect(rangeOf([], 0)).toEqual({});
  });
});
