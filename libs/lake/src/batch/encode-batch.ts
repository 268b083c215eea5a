import { setImmediate as nextTurn } from 'node:timers/promises';
import type { BatchManifest } from '@rollcall/contracts';
import { metadataEntries } from '../parquet/file-metadata.js';
import { planGroups } from '../parquet/plan-groups.js';
import { TableWriter } from '../parquet/table-writer.js';
import type { LakeColumn } from './lake-column.js';

/**
 * A batch as Parquet: zstd, explicit types, microseconds, statistics, row groups of at most 16 MB (or one row), the manifest in the metadata.
 * The same input gives the same bytes. Throws TypeError or RangeError for values that are not of their column's type.
 */
export async function encodeBatch(manifest: BatchManifest, columns: readonly LakeColumn[]): Promise<Uint8Array> {
  const rowCount = columns[0]?.values.length ?? 0;
  checkColumns(columns, rowCount);
  if (manifest.rows !== rowCount) {
    throw new RangeError(`batch ${manifest.batchId}: manifest says ${manifest.rows} rows, columns have ${rowCount}`);
  }
  const table = new TableWriter(columns);
  for (const { start, end } of planGroups(columns, rowCount)) {
    table.writeGroup(columns, start, end);
    // Encoding is CPU work: between groups, heartbeats and sockets get their turn.
    await nextTurn();
  }
  return Buffer.concat([table.takeBytes(), table.footer(metadataEntries(manifest, columns))]);
}

function checkColumns(columns: readonly LakeColumn[], rowCount: number): void {
  const names = new Set<string>();
  for (const { name, values } of columns) {
    if (names.has(name)) throw new RangeError(`column ${name} is there twice`);
    if (values.length !== rowCount) throw new RangeError(`column ${name} has ${values.length} values, not ${rowCount}`);
    names.add(name);
  }
}
