import type { Dataset } from '@rollcall/catalog';
import type { LoadOptions, LoadResult, StagedBatch } from './load/loading.js';

// Signatures first; each moves to its own file with its body.
export * from './load/load-effects.js';
export * from './load/loading.js';

/** A warehouse: pools, dialect, closing. Instants travel as text or bigint, never as Date. */
export interface Warehouse extends AsyncDisposable {
  /** Runs one statement in the reading pool. Throws RollcallError `warehouse/*`. */
  query<R extends Record<string, unknown>>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  close(): Promise<void>;
}
export interface WarehouseOptions {
  readonly applicationName?: string;
  readonly maxConnections?: number;
  readonly statementTimeoutMs?: number;
  readonly lockTimeoutMs?: number;
}
export declare function openWarehouse(url: string, options?: WarehouseOptions): Warehouse;

export interface MigrateResult {
  /** Names of the migrations applied by this call; empty when there was nothing to do. */
  readonly applied: readonly string[];
  readonly version: number;
  /** What could not be done and what to do about it, in sentences. */
  readonly notes: readonly string[];
}
export declare function migrate(urls: {
  readonly warehouseUrl: string;
  readonly opsUrl?: string;
}): Promise<MigrateResult>;
/** Throws warehouse/schema-behind or warehouse/schema-newer. */
export declare function checkSchema(warehouse: Warehouse): Promise<void>;

/** One load transaction (docs/specs/loader.md). Batches of one dataset, both lanes. */
export declare function loadGroup(
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  options?: LoadOptions,
): Promise<LoadResult>;
/** Loads again those rows of already loaded batches that stand open in quarantine, under today's contract. */
export declare function replayQuarantined(
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  options?: LoadOptions,
): Promise<{ readonly replayed: number; readonly stillRefused: number }>;

export interface QuarantineEntry {
  readonly id: string;
  readonly dataset: string;
  readonly batchId: string;
  readonly lakeKey: string;
  /** `rejected`: never became a row, its bytes may be sealed here. `rows`: a row of the lake that the contract refused. */
  readonly lane: 'rows' | 'rejected';
  readonly position: string;
  readonly reason: string;
  readonly place: string;
  readonly column?: string;
  readonly contract: string;
  readonly length?: number;
  readonly format?: 'csv' | 'json';
  /** JSON array of the CSV header. */
  readonly header?: string;
  readonly status: 'open' | 'replayed' | 'discarded';
  readonly tries: number;
  readonly loadedAt: string;
}
export interface QuarantineFilter {
  readonly dataset?: string;
  readonly reason?: string;
  readonly status?: QuarantineEntry['status'];
  readonly since?: string;
  readonly ids?: readonly string[];
  readonly limit?: number;
}
export declare function listQuarantine(
  warehouse: Warehouse,
  filter: QuarantineFilter,
): Promise<readonly QuarantineEntry[]>;
/** With the sealed bytes; undefined when there is no such entry. Sealing context: `<dataset>:<position>`. */
export declare function showQuarantine(
  warehouse: Warehouse,
  id: string,
): Promise<(QuarantineEntry & { readonly sealed?: Uint8Array }) | undefined>;
/** Idempotent: only open entries change; returns how many did. `by` goes to the entry. */
export declare function settleQuarantine(
  warehouse: Warehouse,
  ids: readonly string[],
  status: 'replayed' | 'discarded',
  by: string,
): Promise<number>;

export interface HeldClear {
  readonly id: string;
  readonly dataset: string;
  readonly batchId: string;
  readonly position: string;
  /** JSON array of leading key values. */
  readonly scope: string;
  readonly wouldDelete: number;
  readonly standing: number;
  readonly status: 'waiting' | 'approved' | 'discarded';
  readonly heldAt: string;
}
export declare function listHeld(
  warehouse: Warehouse,
  filter?: { readonly dataset?: string; readonly status?: HeldClear['status'] },
): Promise<readonly HeldClear[]>;
/** Performs a held `t`: floor, deletion, derived tables, in one transaction. False when it is no longer waiting. */
export declare function approveHeld(warehouse: Warehouse, dataset: Dataset, id: string, by: string): Promise<boolean>;
export declare function discardHeld(warehouse: Warehouse, id: string, by: string): Promise<boolean>;

/** The content of raw, analytics' derived tables, history and quarantine as hashes: equal after faults and after a quiet rebuild. */
export declare function warehouseDigest(warehouse: Warehouse): Promise<Readonly<Record<string, string>>>;
