import type { LogicalType, Value } from '@rollcall/catalog';
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

/**
 * A batch that was fetched and checked: its announcement and its rows, read once and in order.
 * Lane `rows`: `_position`, `_op`, `_key` (hash keys), `_rest`, `_scope` (with a `t`), `_committed_at` (database logs), then the dataset's columns.
 * Lane `rejected`: `_position`, `reason`, `place`, `contract`, `length`, `sealed`, `format`, `header`.
 */
export interface StagedBatch {
  readonly announced: BatchWritten;
  readonly groups: AsyncIterable<RowGroup>;
}

export interface LoadOptions {
  /** Called after each named effect: where tests let the process die. */
  readonly onEffect?: (effect: LoadEffect) => void | Promise<void>;
  /** W3C traceparent of the load; kept in the ledger. */
  readonly trace?: string;
  readonly signal?: AbortSignal;
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
