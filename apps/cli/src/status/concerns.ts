import type { PlatformStatus } from './read-status.js';

/** What of a platform's state needs an operator, in sentences with the way out. */
export function concernsOf(status: Omit<PlatformStatus, 'concerns'>): readonly string[] {
  const concerns: string[] = [];
  for (const { dataset, lakeBatches = 0, loadedBatches, quarantined = 0, held = 0 } of status.datasets) {
    if (loadedBatches !== undefined && lakeBatches > loadedBatches) {
      concerns.push(`${dataset}: ${lakeBatches - loadedBatches} batches of the lake are not loaded yet`);
    }
    if (quarantined > 0)
      concerns.push(`${dataset}: ${quarantined} records in quarantine: rollcall quarantine list --dataset ${dataset}`);
    if (held > 0)
      concerns.push(`${dataset}: ${held} deletions wait for a word: rollcall held list --dataset ${dataset}`);
  }
  for (const { report, state, testsFailed, heldBackReason } of status.reports) {
    if (heldBackReason !== undefined) concerns.push(`report ${report} shows its last good state: ${heldBackReason}`);
    else if (testsFailed > 0)
      concerns.push(`report ${report}: ${testsFailed} of its tests failed: rollcall report preview ${report}`);
    else if (state === 'late' || state === 'stale') concerns.push(`report ${report}: its data is ${state}`);
  }
  const letters = status.deadLetters ?? 0;
  if (letters > 0) concerns.push(`${letters} dead letter${letters === 1 ? '' : 's'}: rollcall dead list`);
  for (const { name, ready, why } of status.services)
    if (!ready) concerns.push(`${name} is not ready: it ${why ?? 'says no'}`);
  return concerns;
}
