import { RollcallError } from '@rollcall/kernel';
import type { Warehouse } from '@rollcall/warehouse';
import type { ReportingEvents } from '../events.js';
import type { Revision, Served } from './ops-report.js';
import { refreshReport, type RefreshEffect, type RefreshResult } from './refresh-report.js';

export interface Turning {
  readonly warehouse: Warehouse;
  readonly events: ReportingEvents;
  readonly newRefreshId: () => string;
  readonly onEffect?: ((effect: RefreshEffect) => Promise<void>) | undefined;
}

export interface TurnInput {
  /** The folder's revision, where it is not what is served. */
  readonly candidate: Revision | undefined;
  readonly served: Served | undefined;
  readonly trace: string | undefined;
  readonly force: boolean;
}

export interface TurnOutcome {
  /** What is served of the report after the turn; `isNew`: people see another picture. Absent: as before. */
  readonly state?: { readonly served: Served; readonly isNew: boolean };
  /** Why the candidate cannot be served. */
  readonly fault?: string;
  readonly wasAccepted: boolean;
  /** `soon`: another engine is at it. `later`: the report itself does not work out. */
  readonly retry?: 'soon' | 'later';
}

/** A report's turn: the folder's revision when it is not served yet; where it cannot be, what is served is refreshed as ever. */
export async function runTurn(turning: Turning, { candidate, served, trace, force }: TurnInput): Promise<TurnOutcome> {
  let fault: string | undefined;
  if (candidate) {
    const result = await once(turning, candidate, trace, force);
    if (result.kind === 'busy') return { wasAccepted: false, retry: 'soon' };
    if (result.kind === 'refreshed' || result.kind === 'current')
      return { wasAccepted: true, state: { served: result.served, isNew: result.kind === 'refreshed' } };
    const why = whyNot(result);
    fault = result.kind === 'failed' ? why.message : `${candidate.report.file}: error: ${why.message} [held-back]`;
    turning.events.notServed(candidate.report.name, candidate.report.hash, why);
  }
  const tried = { wasAccepted: false, ...(fault !== undefined && { fault, retry: 'later' as const }) };
  if (served === undefined) return tried;
  const result = await once(turning, served, trace, force);
  switch (result.kind) {
    case 'busy':
      return { ...tried, retry: 'soon' };
    case 'current':
    case 'refreshed':
      return { ...tried, state: { served: result.served, isNew: result.kind === 'refreshed' } };
    case 'held':
    case 'failed': {
      const { name, hash } = served.report;
      if (result.told) turning.events.notServed(name, hash, whyNot(result));
      const state = result.served && { state: { served: result.served, isNew: result.told } };
      return { ...tried, ...state, retry: 'later' };
    }
  }
}

function whyNot(result: Extract<RefreshResult, { readonly kind: 'held' | 'failed' }>): RollcallError {
  return result.kind === 'failed' ? result.error : new RollcallError('report/held-back', result.reason);
}

async function once(
  { warehouse, events, newRefreshId, onEffect }: Turning,
  revision: Revision,
  trace: string | undefined,
  force: boolean,
): Promise<RefreshResult> {
  const started = performance.now();
  const result = await refreshReport(warehouse, revision, { refreshId: newRefreshId(), trace, force, onEffect });
  const seconds = (performance.now() - started) / 1000;
  if (result.kind === 'refreshed') events.refreshed(result.served, seconds);
  else events.ended(revision.report.name, result.kind, seconds);
  return result;
}
