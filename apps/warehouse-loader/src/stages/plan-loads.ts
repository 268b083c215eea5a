import type { BatchWritten } from '@rollcall/contracts';

/** Batches of one dataset and lane that go into one transaction. */
export interface PlannedLoad {
  readonly dataset: string;
  readonly batches: readonly BatchWritten[];
}

export interface LoadBounds {
  /** Rows of one transaction; one batch alone may exceed it. */
  readonly maxRows: number;
  readonly maxBatches: number;
}

/**
 * Groups announcements into transactions: per dataset, a batch announced twice once, in `_position` order (chains need it, the others gain
 * by it: older rows are superseded before they are written), bounded by rows and batches.
 */
export function planLoads(announced: readonly BatchWritten[], bounds: LoadBounds): readonly PlannedLoad[] {
  const byDataset = new Map<string, Map<string, BatchWritten>>();
  for (const batch of announced) {
    const known = byDataset.get(batch.dataset) ?? new Map<string, BatchWritten>();
    byDataset.set(batch.dataset, known.set(batch.batchId, batch));
  }
  return [...byDataset].flatMap(([dataset, batches]) => {
    const ordered = [...batches.values()].sort(byPosition);
    return cut(ordered, bounds).map((part) => ({ dataset, batches: part }));
  });
}

function byPosition(a: BatchWritten, b: BatchWritten): number {
  const left = a.firstPosition ?? '';
  const right = b.firstPosition ?? '';
  if (left !== right) return left < right ? -1 : 1;
  return a.batchId < b.batchId ? -1 : Number(a.batchId > b.batchId);
}

function cut(batches: readonly BatchWritten[], bounds: LoadBounds): BatchWritten[][] {
  const parts: BatchWritten[][] = [];
  let part: BatchWritten[] = [];
  let rows = 0;
  for (const batch of batches) {
    if (part.length > 0 && (part.length >= bounds.maxBatches || rows + batch.rows > bounds.maxRows)) {
      parts.push(part);
      part = [];
      rows = 0;
    }
    part.push(batch);
    rows += batch.rows;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
