import { parquetMetadata, parquetReadObjects } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import type { LogicalType, Value } from '@rollcall/catalog';
import type { RowGroup } from '../batch/lake-column.js';
import { DECOMPRESSORS } from './zstd.js';
import { writeTable } from './write-table.js';

const columns: readonly { readonly name: string; readonly type: LogicalType }[] = [
  { name: 'id', type: { name: 'int8' } },
  { name: 'note', type: { name: 'text' } },
  { name: 'at', type: { name: 'timestamptz' } },
];

async function* groupsOf(...groups: readonly (readonly (readonly Value[])[])[]): AsyncIterable<RowGroup> {
  for (const rows of groups) {
    yield {
      rowCount: rows.length,
      columns: columns.map((column, i) => ({ ...column, values: rows.map((row) => row[i] ?? null) })),
    };
  }
}

async function written(groups: AsyncIterable<RowGroup>): Promise<{ rows: number; file: ArrayBuffer; pieces: number }> {
  const pieces: Uint8Array[] = [];
  const rows = await writeTable(columns, groups, async (bytes) => void pieces.push(bytes));
  const all = Buffer.concat(pieces);
  return { rows, file: all.buffer.slice(all.byteOffset, all.byteOffset + all.byteLength), pieces: pieces.length };
}

describe('writeTable', () => {
  it('gives each group out before it takes the next, and reads back as one table', async () => {
    const { rows, file, pieces } = await written(
      groupsOf(
        [
          [1n, 'a', 1_000_001n],
          [2n, '', null],
        ],
        [[9_007_199_254_740_993n, null, -1n]],
      ),
    );
    expect(rows).toBe(3);
    expect(pieces).toBe(3);
    const metadata = parquetMetadata(file);
    expect(metadata.row_groups).toHaveLength(2);
    const back = await parquetReadObjects({ file, compressors: DECOMPRESSORS, columns: ['id', 'note'] });
    expect(back).toEqual([
      { id: 1n, note: 'a' },
      { id: 2n, note: '' },
      { id: 9_007_199_254_740_993n, note: null },
    ]);
  });

  it('is a table of no rows when nothing comes', async () => {
    const { rows, file } = await written(groupsOf());
    expect(rows).toBe(0);
    expect(parquetMetadata(file).num_rows).toBe(0n);
    expect(parquetMetadata(file).schema.map((element) => element.name)).toEqual(['root', 'id', 'note', 'at']);
  });
});
