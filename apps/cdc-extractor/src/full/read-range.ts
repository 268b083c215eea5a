import type { Dataset } from '@rollcall/catalog';
import type { VectorBatchWriter } from '@rollcall/lake';
import { copyVectors, type CopyColumn, type CopyGroup } from '@rollcall/source-postgres';
import type pg from 'pg';
import { BatchBuilder } from '../land/batch-builder.js';
import type { ReadPositions } from '../land/read-meta.js';
import type { OpenTable } from './open-table.js';

/** Rows of one group: small enough that two of them, and what is made of them, are little beside a batch. */
const GROUP_ROWS = 16_384;
const GROUP_BYTES = 4 << 20;

export interface RangeRequest {
  readonly dataset: Dataset;
  readonly open: OpenTable;
  readonly positions: ReadPositions;
  /** Each: what stands behind the select list. */
  readonly froms: readonly string[];
  /** Columns behind those of the plan, for `look` alone. */
  readonly more?: readonly CopyColumn[];
  /** Looks at every group before it is landed. What it throws ends the reading. */
  readonly look?: (group: CopyGroup) => void;
  /** Lands the n-th batch (from 0). */
  readonly land: (batch: VectorBatchWriter, n: number) => Promise<unknown>;
  readonly signal: AbortSignal;
}

/**
 * Reads rows and lands them, batch by batch; while one batch is landed the next is read, and no more than that: a lake that is slow makes
 * the source wait. When it returns, all is landed.
 */
export async function readRange(
  client: pg.Client,
  { dataset, open, positions, froms, more = [], look, land, signal }: RangeRequest,
): Promise<{ readonly rows: number; readonly batches: number }> {
  const { plan, name } = open;
  const { flush } = dataset;
  const limits = { maxRows: Math.min(flush.rows, GROUP_ROWS), maxBytes: Math.min(flush.bytes, GROUP_BYTES) };
  const builder = new BatchBuilder(plan, flush, positions);
  let [rows, batches] = [0, 0];
  let landing: Promise<unknown> = Promise.resolve();
  const flushOut = async (): Promise<void> => {
    await landing;
    const batch = builder.take();
    if (!batch) return;
    landing = land(batch, batches++);
    // Looked at by the next flush.
    landing.catch(() => undefined);
  };
  try {
    for (const from of froms) {
      const request = { ...limits, from, columns: [...plan.columns, ...more], what: `table ${name}`, signal };
      for await (const group of copyVectors(client, request)) {
        rows += group.rowCount;
        look?.(group);
        await builder.add(group);
        if (builder.isFull) await flushOut();
      }
    }
    await flushOut();
  } finally {
    // Nothing is under way any more when this fails.
    await landing.catch(() => undefined);
  }
  await landing;
  return { rows, batches };
}
