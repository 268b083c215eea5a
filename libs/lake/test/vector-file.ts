import { vectorOf } from '@rollcall/catalog';
import type { BatchManifest } from '@rollcall/contracts';
import type { LakeColumn } from '../src/batch/lake-column.js';
import type { OpenBatch } from '../src/batch/open-batch.js';
import { VectorBatchWriter } from '../src/batch/vector-batch-writer.js';
import type { VectorGroup } from '../src/batch/vector-group.js';
import type { BatchFacts } from '../src/batch/write-batch.js';

export const FACTS: BatchFacts = {
  source: 's',
  dataset: 'd',
  lane: 'rows',
  range: { kind: 'run', run: 'r', part: 0 },
  contract: '0123456789ab',
  origin: 'a test',
  extractedAt: '2026-01-01T00:00:00.000001Z',
  asOfDay: '2026-01-01',
};

/** The same rows as vectors. */
export function groupOf(columns: readonly LakeColumn[]): VectorGroup {
  return {
    rowCount: columns[0]?.values.length ?? 0,
    columns: columns.map(({ name, type, values }) => ({ name, type, vector: vectorOf(type, values) })),
  };
}

/** The file of a batch with these row groups. */
export async function vectorFile(
  groups: readonly VectorGroup[],
): Promise<{ readonly manifest: BatchManifest; readonly bytes: Uint8Array }> {
  const writer = new VectorBatchWriter(groups[0]?.columns ?? []);
  for (const group of groups) await writer.add(group);
  return writer.encode(FACTS);
}

/** All row groups of an open batch, as vectors. */
export async function readVectorGroups(
  batch: OpenBatch,
  ...args: Parameters<OpenBatch['vectorGroups']>
): Promise<VectorGroup[]> {
  const read: VectorGroup[] = [];
  for await (const group of batch.vectorGroups(...args)) read.push(group);
  return read;
}

/** Vectors that compare by content: bytes of a Buffer and of a Uint8Array are the same. */
export function plainGroup({ rowCount, columns }: VectorGroup): unknown {
  return {
    rowCount,
    columns: columns.map(({ name, type, vector: { present, presentCount, body } }) => ({
      name,
      type,
      presentCount,
      present: present && Buffer.from(present).toString('hex'),
      body: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('hex'),
    })),
  };
}
