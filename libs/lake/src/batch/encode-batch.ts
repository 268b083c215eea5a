import { setImmediate as nextTurn } from 'node:timers/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { BatchManifest } from '@rollcall/contracts';
import { encodeColumn } from '../parquet/encode-column.js';
import { metadataEntries } from '../parquet/file-metadata.js';
import { parquetElement } from '../parquet/parquet-element.js';
import { planGroups } from '../parquet/plan-groups.js';
import { COMPRESSORS } from '../parquet/zstd.js';
import type { LakeColumn } from './lake-column.js';

/**
 * A batch as Parquet: zstd, explicit types, microseconds, statistics, row groups of at most 16 MB (or one row), the manifest in the metadata.
 * The same input gives the same bytes. Throws TypeError or RangeError for values that are not of their column's type.
 */
export async function encodeBatch(manifest: BatchManifest, columns: readonly LakeColumn[]): Promise<Uint8Array> {
  const rowCount = columns[0]?.values.length ?? 0;
  checkColumns(columns, rowCount);
  if (manifest.rows !== rowCount)
    throw new RangeError(`batch ${manifest.batchId}: manifest says ${manifest.rows} rows, columns have ${rowCount}`);
  const writer = new ByteWriter();
  const parquet = new ParquetWriter({
    writer,
    schema: [
      { name: 'root', num_children: columns.length },
      ...columns.map(({ name, type }) => ({ name, repetition_type: 'OPTIONAL' as const, ...parquetElement(type) })),
    ],
    codec: 'ZSTD',
    compressors: COMPRESSORS,
    kvMetadata: metadataEntries(manifest, columns),
    createdBy: 'rollcall lake format 1',
  });
  for (const { start, end } of planGroups(columns, rowCount)) {
    await parquet.write({
      columnData: columns.map(({ name, type, values }) => ({
        name,
        data: encodeColumn(name, type, values.slice(start, end)),
        // A dictionary pays for repeated texts; numbers are left to zstd, which is faster.
        ...(parquetElement(type).converted_type !== 'UTF8' && { encoding: 'PLAIN' as const }),
      })),
      rowGroupSize: end - start,
    });
    // Encoding is CPU work: between groups, heartbeats and sockets get their turn.
    await nextTurn();
  }
  await parquet.finish();
  return writer.getBytes();
}

function checkColumns(columns: readonly LakeColumn[], rowCount: number): void {
  if (columns.length === 0) throw new RangeError('a batch needs at least one column');
  const names = new Set<string>();
  for (const { name, values } of columns) {
    if (names.has(name)) throw new RangeError(`column ${name} is there twice`);
    if (values.length !== rowCount) throw new RangeError(`column ${name} has ${values.length} values, not ${rowCount}`);
    names.add(name);
  }
}
