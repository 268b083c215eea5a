import type { BatchWritten } from '@rollcall/contracts';
import type { WaitingBatch } from './loading.js';

export interface LedgerFacts {
  /** How far the dataset's log chain was applied: epoch (4 hex digits) -> position. */
  readonly chain: ReadonlyMap<string, string>;
  /** Which of the ids that were asked for stand in the ledger. */
  readonly loaded: ReadonlySet<string>;
}

export interface BatchPlan {
  /** In the order they were given, log batches along their chain. */
  readonly apply: readonly BatchWritten[];
  readonly waiting: readonly WaitingBatch[];
  /** The chain after `apply`; only what moved. */
  readonly chain: ReadonlyMap<string, string>;
}

/**
 * Which batches may be loaded now. A log batch waits until the chain of its epoch has reached where it continues from; one without `after`
 * begins its epoch. A batch waits for those its `t` needs, unless they are loaded by this very plan. Overlaps are harmless.
 */
export function planBatches(batches: readonly BatchWritten[], facts: LedgerFacts): BatchPlan {
  const chain = new Map(facts.chain);
  const moved = new Map<string, string>();
  const applied = new Set<string>();
  const apply: BatchWritten[] = [];
  let open = [...batches].sort(alongChain);
  for (let before = -1; before !== apply.length;) {
    before = apply.length;
    const left: BatchWritten[] = [];
    for (const batch of open) {
      if (isEarly(batch, chain) || needed(batch).some((id) => !facts.loaded.has(id) && !applied.has(id))) {
        left.push(batch);
        continue;
      }
      apply.push(batch);
      applied.add(batch.batchId);
      advance(batch, chain, moved);
    }
    open = left;
  }
  const waiting = open.map((batch) => waitsFor(batch, chain, facts.loaded, applied));
  return { apply, waiting, chain: moved };
}

/** Ids that a plan has to know about. */
export function neededIds(batches: readonly BatchWritten[]): readonly string[] {
  return batches.flatMap((batch) => [batch.batchId, ...needed(batch)]);
}

function waitsFor(
  batch: BatchWritten,
  chain: ReadonlyMap<string, string>,
  loaded: ReadonlySet<string>,
  applied: ReadonlySet<string>,
): WaitingBatch {
  const { batchId, after } = batch;
  if (after === undefined || !isEarly(batch, chain))
    return { kind: 'needs', batchId, missing: needed(batch).filter((id) => !loaded.has(id) && !applied.has(id)) };
  const standsAt = chain.get(epochOf(after));
  return { kind: 'chain-gap', batchId, after, ...(standsAt !== undefined && { standsAt }) };
}

/** The chain has not reached where the batch continues from. */
function isEarly(batch: BatchWritten, chain: ReadonlyMap<string, string>): boolean {
  if (!isLink(batch) || batch.after === undefined) return false;
  return (chain.get(epochOf(batch.after)) ?? '') < batch.after;
}

function needed(batch: BatchWritten): readonly string[] {
  return batch.needs ?? [];
}

function advance(batch: BatchWritten, chain: Map<string, string>, moved: Map<string, string>): void {
  const end = batch.range.kind === 'log' ? batch.range.last : undefined;
  if (!isLink(batch) || end === undefined) return;
  const epoch = epochOf(end);
  if ((chain.get(epoch) ?? '') >= end) return;
  chain.set(epoch, end);
  moved.set(epoch, end);
}

/** A batch of rows of a log: part of a chain. */
export function isLink(batch: BatchWritten): boolean {
  return batch.lane === 'rows' && batch.range.kind === 'log';
}

function epochOf(position: string): string {
  return position.slice(0, 4);
}

/** Order of batches of one chain. */
export function alongChain(a: BatchWritten, b: BatchWritten): number {
  const left = a.after ?? a.firstPosition ?? '';
  const right = b.after ?? b.firstPosition ?? '';
  return left < right ? -1 : Number(left > right);
}
