import type { BatchWritten } from '@rollcall/contracts';
import { fetchBatch, openBatch, type ObjectStore, type RowGroup } from '@rollcall/lake';
import type { BatchSource } from './ports.js';

/** Reads announced batches from the lake: checked against their sha256, one row group in memory at a time. */
export function lakeSource(store: ObjectStore): BatchSource {
  return { stage: (announced) => ({ announced, groups: groupsOf(store, announced) }) };
}

async function* groupsOf(store: ObjectStore, announced: BatchWritten): AsyncGenerator<RowGroup> {
  const batch = await openBatch(await fetchBatch(store, announced));
  yield* batch.groups();
}
