import { sha256Hex } from '@rollcall/kernel';
import type { BatchManifest, BatchWritten, Lane, Range } from '@rollcall/contracts';
import type { ObjectStore } from '../store/object-store.js';
import { batchIdOf, batchKey } from './batch-key.js';
import { describeBytes } from './describe-batch.js';
import { encodeBatch } from './encode-batch.js';
import type { LakeColumn } from './lake-column.js';

/** What makes a batch, beside its rows. All of it comes from the caller: no clock and no chance in here. */
export interface NewBatch {
  readonly source: string;
  readonly dataset: string;
  readonly lane: Lane;
  readonly range: Range;
  /** Contract version of the dataset. */
  readonly contract: string;
  /** Where the extract came from, for people. Never a secret. */
  readonly origin: string;
  readonly columns: readonly LakeColumn[];
  readonly run?: string;
  readonly trace?: string;
  readonly after?: string;
  readonly needs?: readonly string[];
  /** ISO instant in UTC. */
  readonly extractedAt: string;
  /** UTC day of the range's own as-of, YYYY-MM-DD: where the batch is filed. */
  readonly asOfDay: string;
}

/** What is known of a batch without its rows. */
export type BatchFacts = Omit<NewBatch, 'columns'>;

/**
 * Writes a batch and says what to announce. Durable when it returns. May be repeated: where an object already stands under the batch's
 * id, that one is left alone, and it is its rows, bytes and sha256 that are returned - those are what is in the lake.
 */
export async function writeBatch(store: ObjectStore, batch: NewBatch): Promise<BatchWritten> {
  const manifest = manifestOf(batch);
  return putBatch(store, manifest, batch.asOfDay, await encodeBatch(manifest, batch.columns));
}

/** Puts the bytes of a batch where none stand, and says what stands there then. */
export async function putBatch(
  store: ObjectStore,
  manifest: BatchManifest,
  asOfDay: string,
  bytes: Uint8Array,
): Promise<BatchWritten> {
  const key = batchKey(manifest.dataset, manifest.lane, asOfDay, manifest.batchId);
  for (;;) {
    const { created } = await store.putIfAbsent(key, bytes);
    if (created) return { ...manifest, key, bytes: bytes.byteLength, sha256: sha256Hex(bytes) };
    const standing = await store.get(key);
    if (standing) return describeBytes(key, standing.bytes);
    // Deleted between the two calls (retention): writing again is right.
  }
}

/** Rows of a batch, and the least and greatest `_position` of them. */
export interface RowFacts {
  readonly rowCount: number;
  readonly firstPosition?: string;
  readonly lastPosition?: string;
}

/** The manifest of a batch: pure. Positions come from column `_position`, in byte order. */
export function manifestOf(batch: NewBatch): BatchManifest {
  return manifestFrom(batch, { rowCount: batch.columns[0]?.values.length ?? 0, ...positionsOf(batch.columns) });
}

/** The same for rows that were looked at already. */
export function manifestFrom(batch: BatchFacts, rows: RowFacts): BatchManifest {
  return {
    format: 1,
    batchId: batchIdOf(batch.dataset, batch.lane, batch.range),
    source: batch.source,
    dataset: batch.dataset,
    lane: batch.lane,
    range: batch.range,
    rows: rows.rowCount,
    contract: batch.contract,
    origin: batch.origin,
    ...(batch.after !== undefined && { after: batch.after }),
    ...(rows.firstPosition !== undefined && { firstPosition: rows.firstPosition }),
    ...(rows.lastPosition !== undefined && { lastPosition: rows.lastPosition }),
    ...(batch.needs !== undefined && { needs: [...batch.needs] }),
    ...(batch.run !== undefined && { run: batch.run }),
    ...(batch.trace !== undefined && { trace: batch.trace }),
    extractedAt: batch.extractedAt,
  };
}

function positionsOf(columns: readonly LakeColumn[]): { firstPosition?: string; lastPosition?: string } {
  let first: string | undefined;
  let last: string | undefined;
  for (const value of columns.find((c) => c.name === '_position')?.values ?? []) {
    if (typeof value !== 'string') continue;
    if (first === undefined || value < first) first = value;
    if (last === undefined || value > last) last = value;
  }
  return first === undefined || last === undefined ? {} : { firstPosition: first, lastPosition: last };
}
