import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import type { CommittedLoad, LoadOptions, LoadResult, StagedBatch } from '@rollcall/warehouse';

/** What the loader needs of the lake. */
export interface BatchSource {
  /** The rows of an announced batch; read lazily, so that one batch at a time is in memory. Codes `lake/*`. */
  stage(announced: BatchWritten): StagedBatch;
}

/** What the loader needs of the warehouse: one transaction per call, effect once. */
export interface BatchSink {
  load(dataset: Dataset, batches: readonly StagedBatch[], options: LoadOptions): Promise<LoadResult>;
  /** Those of the datasets that have had a load. */
  begun(datasets: readonly string[]): Promise<ReadonlySet<string>>;
}

/** Says that a load is committed. At least once: a load is announced again whenever one of its batches is offered again. */
export interface LoadAnnouncer {
  announce(load: CommittedLoad): Promise<void>;
}
