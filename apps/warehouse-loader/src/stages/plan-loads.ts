import type { BatchWritten } from '@rollcall/contracts';

/** Batches of one dataset and lane that go into one transaction. */
export interface PlannedLoad {
  readonly dataset: string;
  readonly batches: readonly BatchWritten[];
}

export interface LoadBounds {
  /** Rows of one transaction; one batch alone may exceed it. */
  readonly maxRows: number;
  /** Bytes of their objects, likewise. */
  readonly maxBytes: number;
  readonly maxBatches: number;
}

/** So many rows are worth a load without the batch that waits for them: it would keep them from going straight into an empty table. */
const LARGE_ROWS = 100_000;

/**
 * Groups announcements into transactions: per dataset, a batch announced twice once, in `_position` order (chains need it, the others gain
 * by it: older rows are superseded before they are written) but after what it needs, bounded by rows, bytes and batches.
 */
export function planLoads(
  announced: readonly BatchWritten[],
  boundsOf: (dataset: string) => LoadBounds,
): readonly PlannedLoad[] {
  const byDataset = new Map<string, Map<string, BatchWritten>>();
  for (const batch of announced) {
    const known = byDataset.get(batch.dataset) ?? new Map<string, BatchWritten>();
    byDataset.set(batch.dataset, known.set(batch.batchId, batch));
  }
  return [...byDataset].flatMap(([dataset, batches]) => {
    const ordered = afterNeeds([...batches.values()].sort(byPosition));
    return cut(ordered, boundsOf(dataset)).map((part) => ({ dataset, batches: part }));
  });
}

function byPosition(a: BatchWritten, b: BatchWritten): number {
  const left = a.firstPosition ?? '';
  const right = b.firstPosition ?? '';
  if (left !== right) return left < right ? -1 : 1;
  return a.batchId < b.batchId ? -1 : Number(a.batchId > b.batchId);
}

/** A batch that needs others of these comes behind them. */
function afterNeeds(batches: readonly BatchWritten[]): readonly BatchWritten[] {
  const waiting = new Set(batches.map(({ batchId }) => batchId));
  const ordered: BatchWritten[] = [];
  let left = batches;
  while (left.length > 0) {
    const later: BatchWritten[] = [];
    for (const batch of left) {
      if (batch.needs?.some((id) => waiting.has(id)) === true) later.push(batch);
      else {
        ordered.push(batch);
        waiting.delete(batch.batchId);
      }
    }
    // Batches that need each other: the ledger tells them what they wait for.
    if (later.length === left.length) return [...ordered, ...later];
    left = later;
  }
  return ordered;
}

function cut(batches: readonly BatchWritten[], bounds: LoadBounds): BatchWritten[][] {
  const parts: BatchWritten[][] = [];
  let part: BatchWritten[] = [];
  let rows = 0;
  let bytes = 0;
  for (const batch of batches) {
    const full =
      part.length >= bounds.maxBatches || rows + batch.rows > bounds.maxRows || bytes + batch.bytes > bounds.maxBytes;
    const apart = batch.needs !== undefined && rows >= LARGE_ROWS;
    if (part.length > 0 && (full || apart)) {
      parts.push(part);
      part = [];
      rows = bytes = 0;
    }
    part.push(batch);
    rows += batch.rows;
    bytes += batch.bytes;
  }
  if (part.length > 0) parts.push(part);
  return parts;
}
