import { vectorOf } from '@rollcall/catalog';
import type { BatchColumn, RowGroup, StagedBatch, VectorRowGroup } from '../src/index.js';

/** The same batch, that also comes by columns. */
export function byColumns(batch: StagedBatch): StagedBatch {
  const columns = async (): Promise<readonly BatchColumn[]> => {
    for await (const group of batch.groups) return group.columns;
    return [];
  };
  return { ...batch, columns, vectors: () => vectorsOf(batch.groups) };
}

async function* vectorsOf(groups: AsyncIterable<RowGroup>): AsyncGenerator<VectorRowGroup> {
  for await (const { rowCount, columns } of groups) {
    yield {
      rowCount,
      columns: columns.map(({ name, type, values }) => ({ name, type, vector: vectorOf(type, values) })),
    };
  }
}
