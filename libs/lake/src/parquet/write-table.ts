import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { RowGroup } from '../batch/lake-column.js';
import { encodeColumn } from './encode-column.js';
import type { ColumnName } from './file-metadata.js';
import { isText, parquetElement } from './parquet-element.js';
import { planGroups } from './plan-groups.js';
import { COMPRESSORS } from './zstd.js';

/**
 * Writes a table of any size as Parquet (not a batch: no manifest), holding one row group in memory at a time.
 * @param groups each with all of `columns`, in their order
 * @param write takes the file's bytes, piece by piece; its promise is the back-pressure
 * @returns rows written
 */
export async function writeTable(
  columns: readonly ColumnName[],
  groups: AsyncIterable<RowGroup>,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<number> {
  const writer = new ByteWriter();
  async function flush(): Promise<void> {
    const piece = writer.getBytes().slice();
    writer.index = 0;
    if (piece.byteLength > 0) await write(piece);
  }
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...parquetElement(type) })),
    ],
    codec: 'ZSTD',
    compressors: COMPRESSORS,
    createdBy: 'rollcall',
  });
  let rows = 0;
  for await (const group of groups) {
    for (const { start, end } of planGroups(group.columns, group.rowCount)) {
      await parquet.write({
        columnData: group.columns.map(({ name, type, values }) => ({
          name,
          data: encodeColumn(name, type, values.slice(start, end)),
          ...(!isText(type) && { encoding: 'PLAIN' as const }),
        })),
        rowGroupSize: end - start,
      });
      await flush();
    }
    rows += group.rowCount;
  }
  await parquet.finish();
  await flush();
  return rows;
}
