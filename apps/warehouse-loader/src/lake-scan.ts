import type { BatchWritten } from '@rollcall/contracts';
import type { Loader } from './loader.js';
import type { LoaderEvents } from './events.js';

export interface ScanRange {
  /** Absent: every dataset. */
  readonly dataset?: string;
  /** UTC day, YYYY-MM-DD; absent: all days. */
  readonly sinceDay?: string;
}

export interface LakeScanOptions {
  readonly list: (range: ScanRange) => AsyncIterable<BatchWritten>;
  /** Of these batch ids, those the ledger has. */
  readonly loaded: (batchIds: readonly string[]) => Promise<ReadonlySet<string>>;
  readonly loader: Loader;
  readonly events: LoaderEvents;
  /** Batches looked up and loaded at a time. */
  readonly chunk: number;
}

/** Finds batches that stand in the lake and not in the ledger - their announcement was lost - and loads them. Returns how many it found. */
export async function scanLake(options: LakeScanOptions, range: ScanRange, signal: AbortSignal): Promise<number> {
  let found = 0;
  let chunk: BatchWritten[] = [];
  const flush = async (): Promise<void> => {
    const loaded = await options.loaded(chunk.map((batch) => batch.batchId));
    const missing = chunk.filter((batch) => !loaded.has(batch.batchId));
    chunk = [];
    if (missing.length === 0) return;
    found += missing.length;
    options.events.unannounced(missing);
    await options.loader.load(missing);
  };
  for await (const batch of options.list(range)) {
    if (signal.aborted) return found;
    if (chunk.push(batch) >= options.chunk) await flush();
  }
  if (chunk.length > 0) await flush();
  return found;
}
