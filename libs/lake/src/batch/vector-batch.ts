import type { BatchWritten } from '@rollcall/contracts';
import type { ObjectStore } from '../store/object-store.js';
import { VectorBatchWriter } from './vector-batch-writer.js';
import type { VectorGroup } from './vector-group.js';
import type { BatchFacts } from './write-batch.js';

/** A batch whose rows come as vectors. All groups have the same columns, in the same order. */
export interface NewVectorBatch extends BatchFacts {
  readonly groups: readonly VectorGroup[];
}

/** The same as `writeBatch`, for rows that come as vectors. Rows that come bit by bit: `VectorBatchWriter`. */
export async function writeVectorBatch(
  store: ObjectStore,
  { groups, ...batch }: NewVectorBatch,
): Promise<BatchWritten> {
  const writer = new VectorBatchWriter(groups[0]?.columns ?? []);
  for (const group of groups) await writer.add(group);
  return writer.finish(store, batch);
}
