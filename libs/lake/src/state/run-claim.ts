import { isoMicros, type Clock } from '@rollcall/kernel';
import type { ObjectStore } from '../store/object-store.js';
import { readDocument } from './document.js';
import { claimLease, leaseDocument, type Claim, type LeaseRequest } from './lease.js';

const PREFIX = '_state/runs/';

/** Run ids may hold colons and dots, as in `<id>:replay:2`; they are one segment of a key. */
function runKey(runId: string): string {
  return `${PREFIX}${encodeURIComponent(runId)}`;
}

/** Claims a run: its message may be acked once this says `claimed`, `held` or `finished`, for from then on the lake knows of it. */
export async function claimRun(store: ObjectStore, runId: string, request: LeaseRequest): Promise<Claim> {
  return claimLease(store, runKey(runId), request);
}

/** Who holds a run that has not ended; undefined: nobody does. */
export async function runHolder(store: ObjectStore, runId: string, clock: Clock): Promise<string | undefined> {
  const found = await readDocument(store, runKey(runId), leaseDocument);
  const isHeld = found && found.value.result === undefined && found.value.expiresAt > isoMicros(clock.nowMicros());
  return isHeld ? found.value.owner : undefined;
}

/** Runs that were claimed, are not finished, and whose holder has not renewed in time: for somebody to resume with `claimRun`. */
export async function* abandonedRuns(store: ObjectStore, clock: Clock): AsyncIterable<string> {
  for await (const { key } of store.list(PREFIX)) {
    const found = await readDocument(store, key, leaseDocument);
    if (!found || found.value.result !== undefined || found.value.expiresAt > isoMicros(clock.nowMicros())) continue;
    yield decodeURIComponent(key.slice(PREFIX.length));
  }
}
