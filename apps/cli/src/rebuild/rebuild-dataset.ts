import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { scanBatches, type ObjectStore } from '@rollcall/lake';
import { loadGroup, type Warehouse } from '@rollcall/warehouse';
import { stageBatch } from '../edges/stage-batch.js';

export interface Rebuilt {
  readonly batches: number;
  readonly records: number;
}

/** Batches of one transaction: few enough that what is staged stays small. */
const GROUP_BATCHES = 20;
const GROUP_BYTES = 64 * 1024 * 1024;

/**
 * Loads every batch of a dataset that the lake holds, in the order of their positions, by the loader's own transaction.
 * @throws RollcallError load/chain-gap when batches wait for others that the lake does not have
 */
export async function rebuildDataset(
  store: ObjectStore,
  warehouse: Warehouse,
  dataset: Dataset,
  onProgress: (done: number, of: number) => void,
  stop: AbortSignal,
): Promise<Rebuilt> {
  const announced: BatchWritten[] = [];
  for await (const batch of scanBatches(store, { dataset: dataset.name })) announced.push(batch);
  announced.sort(byPosition);
  let waiting: readonly BatchWritten[] = announced;
  let records = 0;
  let done = 0;
  while (waiting.length > 0) {
    const before = waiting.length;
    const again: BatchWritten[] = [];
    for (const group of groupsOf(waiting)) {
      stop.throwIfAborted();
      const staged = await Promise.all(group.map((batch) => stageBatch(store, batch)));
      const result = await loadGroup(warehouse, dataset, staged, { signal: stop });
      const held = new Set(result.waiting.map(({ batchId }) => batchId));
      again.push(...group.filter(({ batchId }) => held.has(batchId)));
      done += group.length - held.size;
      records += result.load?.counts.in ?? 0;
      onProgress(done, announced.length);
    }
    waiting = again;
    // Nothing of what waits could be loaded in a whole round: what it waits for is not in the lake.
    if (waiting.length === before) {
      const ids = waiting.slice(0, 5).map(({ batchId }) => batchId);
      throw new RollcallError(
        'load/chain-gap',
        `${dataset.name}: ${waiting.length} batches wait for others that the lake does not have: ${ids.join(', ')}`,
      );
    }
  }
  return { batches: announced.length, records };
}

/** Fixed-width hex: text order is position order. Batches without rows come first; they hold nothing to wait for. */
export function byPosition(a: BatchWritten, b: BatchWritten): number {
  const [first, second] = [a.firstPosition ?? '', b.firstPosition ?? ''];
  return first < second ? -1 : first > second ? 1 : a.batchId < b.batchId ? -1 : 1;
}

/** Cuts a list into groups of at most 20 batches and 64 MB; a larger batch is a group of its own. */
export function* groupsOf(batches: readonly BatchWritten[]): Iterable<readonly BatchWritten[]> {
  let group: BatchWritten[] = [];
  let bytes = 0;
  for (const batch of batches) {
    if (group.length > 0 && (group.length >= GROUP_BATCHES || bytes + batch.bytes > GROUP_BYTES)) {
      yield group;
      group = [];
      bytes = 0;
    }
    group.push(batch);
    bytes += batch.bytes;
  }
  if (group.length > 0) yield group;
}
