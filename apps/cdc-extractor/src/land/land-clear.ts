import type { BatchWritten } from '@rollcall/contracts';
import type { ColumnName } from '@rollcall/lake';
import { landBatch, type Landing, type LandRequest } from './land-batch.js';
import { clearGroup, emptyGroup } from './read-meta.js';

/** How many needed batches an announcement names at most. */
export const MAX_NEEDS = 500;

export interface ClearRequest extends Omit<LandRequest, 'groups' | 'range' | 'needs' | 'run'> {
  /** Run and attempt: what the batches of this clearing are named after. */
  readonly attempt: string;
  readonly run: string;
  /** Everything below goes. */
  readonly position: string;
  /** Of the table, as it was read. */
  readonly columns: readonly ColumnName[];
  /** Batches that must be loaded before: else what they hold would count as gone. */
  readonly needs: readonly string[];
}

/**
 * Lands the `t` that ends a whole read. When it needs more batches than an announcement can name, they are gathered under empty batches that
 * need them, and those under others, so that the `t` needs few. May be repeated.
 */
export async function landClear(landing: Landing, request: ClearRequest): Promise<BatchWritten> {
  const { attempt, position, columns, needs, ...rest } = request;
  const nameOf = `${attempt}:needs`;
  let left = needs;
  let part = 0;
  while (left.length > MAX_NEEDS) {
    const gathered: string[] = [];
    for (let at = 0; at < left.length; at += MAX_NEEDS) {
      const range = { kind: 'run' as const, run: nameOf, part: part++ };
      const group = left.slice(at, at + MAX_NEEDS);
      gathered.push((await landBatch(landing, { ...rest, range, groups: [emptyGroup()], needs: group })).batchId);
    }
    left = gathered;
  }
  const range = { kind: 'run' as const, run: attempt, part: 0 };
  return landBatch(landing, { ...rest, range, groups: [clearGroup(position, columns)], needs: left });
}
