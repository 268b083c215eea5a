import type { BatchWritten } from '@rollcall/contracts';
import { describe, expect, it } from 'vitest';
import { byPosition, groupsOf } from './rebuild-dataset.js';

const batch = (batchId: string, firstPosition: string | undefined, bytes = 1): BatchWritten =>
  ({ batchId, bytes, ...(firstPosition !== undefined && { firstPosition }) }) as BatchWritten;

describe('byPosition', () => {
  it('orders by position, then by id', () => {
    const all = [
      batch('d', '0001-0'),
      batch('b', '0000-2'),
      batch('a', '0000-2'),
      batch('e', undefined),
      batch('c', '0000-1'),
    ];
    expect(all.toSorted(byPosition).map((b) => b.batchId)).toEqual(['e', 'c', 'a', 'b', 'd']);
  });
});

describe('groupsOf', () => {
  it('cuts by count and by bytes, loses nothing and keeps the order', () => {
    const MB = 1024 * 1024;
    const sizes = [1, 1, 70 * MB, 1, 40 * MB, 30 * MB, ...Array<number>(45).fill(1)];
    const all = sizes.map((bytes, i) => batch(String(i), '0', bytes));
    const groups = [...groupsOf(all)];
    expect(groups.flat()).toEqual(all);
    expect(groups.map((g) => g.length)).toEqual([2, 1, 2, 20, 20, 6]);
  });
});
