import type { RunRequest } from '@rollcall/contracts';
import type { RollcallError } from '@rollcall/kernel';
import type { RunResult } from '@rollcall/service';
import type { DropDataset } from '../drops/drop-reader.js';
import type { DropWatcher } from '../drops/drop-watcher.js';

/** What a run of this service is: a look at the drops of a source or dataset, now. */
export async function scanDrops(
  watcher: Pick<DropWatcher, 'scan'>,
  datasets: readonly DropDataset[],
  request: RunRequest,
): Promise<RunResult> {
  const targets = datasets.filter(
    ({ dataset }) => dataset.source === request.source && (request.dataset ?? dataset.name) === dataset.name,
  );
  const total = { read: 0, batches: 0, rejected: 0 };
  if (targets.length === 0) return { ...total, verdict: 'failed', code: 'load/unknown-dataset' };
  // Drops know new content and content read again: every mode but `incremental` is the latter.
  const wanted = { run: request.runId, again: request.mode !== 'incremental', dryRun: request.dryRun };
  let failure: RollcallError | undefined;
  for (const target of targets) {
    const scanned = await watcher.scan(target, wanted);
    total.read += scanned.rows + scanned.rejected;
    total.batches += scanned.batches;
    total.rejected += scanned.rejected;
    failure ??= scanned.failure;
  }
  if (failure) return { ...total, verdict: 'failed', code: failure.code };
  return { ...total, verdict: request.dryRun ? 'dry-run' : 'succeeded' };
}
