import { z } from 'zod';
import { contract } from './contract.js';
import { batchId, count, datasetName, instant, traceparent } from './fields.js';

/** in = merged + superseded + duplicate + quarantined + held + erased, or the load fails. */
export const loadCounts = z.object({
  in: count,
  /** Rows that changed the table (insert, update, delete, clear). */
  merged: count,
  /** Rows older than what stands under their key, or than a floor. */
  superseded: count,
  /** Rows that say what the table says already. */
  duplicate: count,
  quarantined: count,
  /** Waiting for an operator. */
  held: count,
  erased: count,
});
export type LoadCounts = z.output<typeof loadCounts>;

/** Rows of these batches are in the warehouse, committed. */
export const batchLoaded = contract({
  subject: 'warehouse.v1.batch-loaded',
  stream: 'WAREHOUSE',
  schema: z.object({
    loadId: z.string().min(1),
    dataset: datasetName,
    batchIds: z.array(batchId).min(1),
    counts: loadCounts,
    /** Tables that changed besides raw: derived ones, history, quarantine. */
    touched: z.array(z.string()),
    loadedAt: instant,
    trace: traceparent.optional(),
  }),
  dedupe: (m) => m.loadId,
});
export type BatchLoaded = z.output<typeof batchLoaded.schema>;
