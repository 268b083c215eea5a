import { vectorOf } from '@rollcall/catalog';
import type { RowGroup, StagedBatch, VectorRowGroup } from '../src/index.js';

/** The same batch, that also comes by columns. */
export function byColumns(batch: StagedBatch): StagedBatch {
  return { ...batch, vectors: () => vectorsOf(batch.groups) };
}

async function* vectorsOf(groups: AsyncIterable<RowGroup>): AsyncGenerator<VectorRowGroup> {
  for await (const { rowCount, columns } of groups) {
    yield {
      rowCount,
      columns: columns.map(({ name, type, values }) => ({ name, type, vector: vectorOf(type, values) })),
    };
  }
}
