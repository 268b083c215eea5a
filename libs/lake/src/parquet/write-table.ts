import type { RowGroup } from '../batch/lake-column.js';
import type { ColumnName } from './file-metadata.js';
import { planGroups } from './plan-groups.js';
import { TableWriter } from './table-writer.js';

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
  const table = new TableWriter(columns);
  let rows = 0;
  for await (const group of groups) {
    for (const { start, end } of planGroups(group.columns, group.rowCount)) {
      table.writeGroup(group.columns, start, end);
      await write(table.takeBytes());
    }
    rows += group.rowCount;
  }
  await write(Buffer.concat([table.takeBytes(), table.footer()]));
  return rows;
}
