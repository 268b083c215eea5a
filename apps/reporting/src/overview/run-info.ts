import type { RunInfo } from '@rollcall/reports/shown';
import type { Run } from '@rollcall/warehouse';

/** A run as the API says it. Counts of runs are far below 2^53. */
export function runInfo(run: Run): RunInfo {
  return { ...run, read: Number(run.read), batches: Number(run.batches), rejected: Number(run.rejected) };
}
