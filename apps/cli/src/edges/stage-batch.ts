import type { BatchWritten } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { describeBytes, fetchBatch, openBatch, type ObjectStore } from '@rollcall/lake';
import type { StagedBatch } from '@rollcall/warehouse';

/** Fetches an announced batch and checks it. Throws RollcallError lake/*. */
export async function stageBatch(store: ObjectStore, announced: BatchWritten): Promise<StagedBatch> {
  const batch = await openBatch(await fetchBatch(store, announced));
  return { announced, groups: batch.groups() };
}

/**
 * Stages the batch that stands under a key, announced or not.
 * @throws RollcallError lake/not-found, lake/corrupt
 */
export async function stageByKey(store: ObjectStore, key: string): Promise<StagedBatch> {
  const found = await store.get(key);
  if (!found) throw new RollcallError('lake/not-found', `batch ${key} is not in ${store.url}`);
  const announced = await describeBytes(key, found.bytes);
  return { announced, groups: (await openBatch(found.bytes)).groups() };
}
