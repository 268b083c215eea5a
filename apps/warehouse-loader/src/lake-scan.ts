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
  /** Batches of the lake that the ledger does not have, as they would be announced. */
  readonly unknown: (range: ScanRange) => AsyncIterable<BatchWritten>;
  readonly loader: Loader;
  readonly events: LoaderEvents;
  /** Batches loaded at a time. */
  readonly chunk: number;
}

/**
 * Finds batches that stand in the lake and not in the ledger - their announcement was lost, or is still under way - and loads them.
 * Returns how many it found. A batch that cannot be loaded is an event of the loader and is found again by the next scan.
 */
export async function scanLake(options: LakeScanOptions, range: ScanRange, signal: AbortSignal): Promise<number> {
  let found = 0;
  let chunk: BatchWritten[] = [];
  const flush = async (): Promise<void> => {
    found += chunk.length;
    options.events.unannounced(chunk);
    await options.loader.load(chunk);
    chunk = [];
  };
  for await (const batch of options.unknown(range)) {
    if (signal.aborted) return found;
    if (chunk.push(batch) >= options.chunk) await flush();
  }
  if (chunk.length > 0) await flush();
  return found;
}
