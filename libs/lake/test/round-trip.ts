import type { LogicalType, Value } from '@rollcall/catalog';
import { expect } from 'vitest';
import { encodeBatch } from '../src/batch/encode-batch.js';
import type { LakeColumn } from '../src/batch/lake-column.js';
import { openBatch } from '../src/batch/open-batch.js';
import { manifestOf } from '../src/batch/write-batch.js';

/** Writes columns as a batch and reads them back, with the manifest checked on the way. */
export async function roundTrip(columns: readonly LakeColumn[]): Promise<LakeColumn[]> {
  const manifest = manifestOf({
    source: 's',
    dataset: 'd',
    lane: 'rows',
    range: { kind: 'run', run: 'r', part: 0 },
    contract: '0123456789ab',
    origin: 'a test',
    columns,
    extractedAt: '2026-01-01T00:00:00.000001Z',
    asOfDay: '2026-01-01',
  });
  const batch = await openBatch(await encodeBatch(manifest, columns));
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
