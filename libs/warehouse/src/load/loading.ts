import type { ColumnVector, LogicalType, Value } from '@rollcall/catalog';
import type { BatchWritten, LoadCounts } from '@rollcall/contracts';
import type { LoadEffect } from './load-effects.js';

/** Rows of one Parquet row group, by columns. All columns have `rowCount` values. */
export interface RowGroup {
  readonly rowCount: number;
  readonly columns: readonly StagedColumn[];
}

export interface StagedColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly values: readonly Value[];
}

/** The same rows as bytes, without an object per value. All vectors have `rowCount` rows. */
export interface VectorRowGroup {
  readonly rowCount: number;
  readonly columns: readonly StagedVector[];
}

export interface StagedVector {
  readonly name: string;
  readonly type: LogicalType;
  readonly vector: ColumnVector;
}

/**
 * A batch that was fetched and checked: its announcement and its rows, in order.
 * Lane `rows`: `_position`, `_op`, `_key` (hash keys), `_rest`, `_scope` (with a `t`), `_committed_at`, `_unchanged`,
 * `_prev_key` (database logs), then the dataset's columns; a database may have others, which the contract treats as unknown fields.
 * Lane `rejected`: `_position`, `reason`, `place`, `contract`, `length`, `sealed`, `format`, `header`.
 */
export interface StagedBatch {
  readonly announced: BatchWritten;
  readonly groups: AsyncIterable<RowGroup>;
  /** Names and types of the file's columns. Absent: its first row group is read ahead to see them, for sources that say them themselves. */
  readonly columns?: () => Promise<readonly BatchColumn[]>;
  /** The rows of the lane `rows` by columns, where they can be had so: much faster. May be called again, as long as `groups` was not read. */
  readonly vectors?: () => AsyncIterable<VectorRowGroup>;
}

export interface LoadOptions {
  /** Called after each named effect: where tests let the process die. */
  readonly onEffect?: (effect: LoadEffect) => void | Promise<void>;
  /** W3C traceparent of the load; kept in the ledger. */
  readonly trace?: string;
  readonly signal?: AbortSignal;
  /** Waited for when all is staged, before the transaction: until the load before it is over. */
  readonly turn?: Promise<void>;
}

/** A column as the file of a batch says it. */
export interface BatchColumn {
  readonly name: string;
  readonly type: LogicalType;
}

/** One committed load, as `warehouse.v1.batch-loaded` says it. */
export interface CommittedLoad {
  readonly loadId: string;
  readonly dataset: string;
  readonly batchIds: readonly string[];
  readonly counts: LoadCounts;
  /** Relations that changed besides raw: `analytics.answer_session`, `history.users`, `ops.quarantine`, `ops.held`. */
  readonly touched: readonly string[];
  /** ISO 8601 in UTC, microseconds. */
  readonly loadedAt: string;
  readonly trace?: string;
}

/** A batch that may not be loaded yet. It is not in the ledger; offer it again. */
export type WaitingBatch =
  | {
      readonly kind: 'chain-gap';
      readonly batchId: string;
      /** Where the dataset's chain stands (exclusive); absent: nothing of this epoch was loaded. */
      readonly standsAt?: string;
      /** The position the batch continues from: what lies between is missing. */
      readonly after: string;
    }
  | { readonly kind: 'needs'; readonly batchId: string; readonly missing: readonly string[] };

export interface LoadResult {
  /** What this call committed; absent when nothing was new. */
  readonly load?: CommittedLoad;
  /** Loads of earlier calls that hold batches of this one: publish them again, the answer may have been lost. */
  readonly earlier: readonly CommittedLoad[];
  readonly waiting: readonly WaitingBatch[];
}
