import type { LogicalType, Value } from '@rollcall/catalog';
import { expect } from 'vitest';
import { encodeBatch } from '../src/batch/encode-batch.js';
import type { LakeColumn } from '../src/batch/lake-column.js';
import { openBatch } from '../src/batch/open-batch.js';
import { manifestOf } from '../src/batch/write-batch.js';
import { FACTS, groupOf, vectorFile } from './vector-file.js';

/** Writes columns as a batch, from values or from vectors, and reads them back, with the manifest checked on the way. */
export async function roundTrip(
  columns: readonly LakeColumn[],
  from: 'values' | 'vectors' = 'values',
): Promise<LakeColumn[]> {
  const manifest = manifestOf({ ...FACTS, columns });
  const bytes = from === 'values' ? await encodeBatch(manifest, columns) : (await vectorFile([groupOf(columns)])).bytes;
  const batch = await openBatch(bytes);
  expect(batch.manifest).toEqual(manifest);
  expect(batch.rowCount).toBe(columns[0]?.values.length);
  const read = columns.map(({ name, type }): { name: string; type: LogicalType; values: Value[] } => ({
    name,
    type,
    values: [],
  }));
  for await (const group of batch.groups()) {
    for (const [i, column] of group.columns.entries()) {
      expect(column).toMatchObject({ name: read[i]?.name, type: read[i]?.type });
      read[i]?.values.push(...column.values);
    }
  }
  return read;
}
