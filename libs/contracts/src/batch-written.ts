import { z } from 'zod';
import { contract } from './contract.js';
import { batchId, contractVersion, count, datasetName, hex64, instant, position, traceparent } from './fields.js';
import { range } from './range.js';

/** `rows`: records of the dataset. `rejected`: the dataset's second lane, what could not be read as a row. */
export const lane = z.enum(['rows', 'rejected']);
export type Lane = z.output<typeof lane>;

/** What is known of a batch beside its rows. The same facts stand in the Parquet metadata, so the lake alone can rebuild the warehouse. */
export const batchManifest = z.object({
  format: z.literal(1),
  batchId,
  source: z.string().min(1),
  dataset: datasetName,
  lane,
  range,
  rows: count,
  contract: contractVersion,
  /** Where the extract came from, for people: an object's key, a subject, a table. Never a secret. */
  origin: z.string(),
  /** The position this batch continues from; only in chains (log capture). */
  after: position.optional(),
  /** The lowest and highest `_position` in it; absent for an empty batch. */
  firstPosition: position.optional(),
  lastPosition: position.optional(),
  /** Batches that must be loaded before a `t` of this one. */
  needs: z.array(batchId).optional(),
  run: z.string().optional(),
  trace: traceparent.optional(),
  extractedAt: instant,
});
export type BatchManifest = z.output<typeof batchManifest>;

/** An immutable object stands in the lake. */
export const batchWritten = contract({
  subject: 'lake.v1.batch-written',
  stream: 'LAKE',
  schema: batchManifest.extend({
    /** The object's key in the lake. */
    key: z.string().min(1),
    bytes: count,
    sha256: hex64,
  }),
  dedupe: (m) => m.batchId,
});
export type BatchWritten = z.output<typeof batchWritten.schema>;
