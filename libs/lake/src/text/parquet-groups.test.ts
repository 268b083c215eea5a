import { describe, expect, it } from 'vitest';
import type { ColumnName } from '../parquet/file-metadata.js';
import { parquetGroups, type TextRow } from './parquet-groups.js';

const columns: readonly ColumnName[] = [
  { name: 'id', type: { name: 'int8' } },
  { name: 'at', type: { name: 'timestamptz' } },
];

describe('parquetGroups', () => {
  it('parses pieces one at a time, as they are asked for', async () => {
    const pieces: TextRow[][] = [
      [
        ['1', '2026-01-02 03:04:05.678901+00'],
        ['2', null],
      ],
      [['9007199254740993', '1970-01-01 00:00:00+00']],
    ];
    const order: string[] = [];
    const { groups, unfit } = parquetGroups(columns, async (take) => {
      for (const [i, piece] of pieces.entries()) {
        order.push(`read ${i}`);
        await take(piece);
      }
    });
    const seen = [];
    for await (const group of groups) {
      order.push(`took ${group.rowCount}`);
      seen.push(group.columns.map((c) => c.values));
    }
    expect(order).toEqual(['read 0', 'took 2', 'read 1', 'took 1']);
    expect(seen).toEqual([
      [
        [1n, 2n],
        [1_767_323_045_678_901n, null],
      ],
      [[9_007_199_254_740_993n], [0n]],
    ]);
    expect(unfit()).toEqual([]);
  });

  it('counts what does not fit', async () => {
    const { groups, unfit } = parquetGroups(columns, (take) => take([['many', null]]));
    for await (const group of groups) expect(group.columns[0]?.values).toEqual([null]);
    expect(unfit()).toEqual([{ column: 'id', count: 1 }]);
  });

  it('fails when its source does', async () => {
    const { groups } = parquetGroups(columns, () => Promise.reject(new Error('gone')));
    await expect(
      (async () => {
        for await (const _ of groups);
      })(),
    ).rejects.toThrow('gone');
  });

  it('ends the source when the reader goes away', async () => {
    let ended = false;
    const { groups } = parquetGroups(columns, async (take) => {
      try {
        for (;;) await take([['1', null]]);
      } finally {
        ended = true;
      }
    });
    for await (const _ of groups) break;
    expect(ended).toBe(true);
  });
});
