import type { Envelope, Health } from '@rollcall/reports/shown';
import type { Standing } from './report-book.js';

type FreshnessState = Envelope['freshness']['state'];

/** What every answer of a report says about it: how old, how sure. */
export function envelopeOf(standing: Standing, nowMs: number): Envelope {
  const { report } = standing;
  const state = freshnessOf(standing.asOf, report.freshness, nowMs);
  return {
    report: report.name,
    revision: report.revision,
    hash: report.hash,
    refreshId: standing.refreshId,
    asOf: standing.asOf,
    computedAt: standing.computedAt,
    health: healthOf(standing, state),
    freshness: { state, ...report.freshness, inputs: standing.inputs },
    withheld: standing.withheld,
    tests: standing.tests,
    heldBack: standing.heldBack && { since: standing.heldBack.since, reason: standing.heldBack.reason },
    faults: standing.faults,
  };
}

/** `late` beyond the first bound, `stale` beyond the second; exactly on a bound is within it. */
export function freshnessOf(
  asOf: string | null,
  bounds: Standing['report']['freshness'],
  nowMs: number,
): FreshnessState {
  if (asOf === null) return 'empty';
  if (bounds === undefined) return 'unbounded';
  const ageSeconds = (nowMs - Date.parse(asOf)) / 1000;
  if (ageSeconds > bounds.failAfterSeconds) return 'stale';
  return ageSeconds > bounds.warnAfterSeconds ? 'late' : 'fresh';
}

const BY_FRESHNESS: Readonly<Record<FreshnessState, Health>> = {
  fresh: 'healthy',
  unbounded: 'healthy',
  late: 'warning',
  stale: 'degraded',
  empty: 'unknown',
};

/** From good to bad: of several, the last one counts. */
const ORDER: readonly Health[] = ['healthy', 'unknown', 'warning', 'degraded'];

/** The worst of last run, freshness and tests. */
function healthOf(standing: Standing, freshness: FreshnessState): Health {
  const run: Health = standing.heldBack ? 'degraded' : standing.faults.length > 0 ? 'warning' : 'healthy';
  const tests = standing.tests.map(({ passed, severity }): Health => {
    if (passed) return 'healthy';
    return severity === 'hold' ? 'degraded' : 'warning';
  });
  const places = [run, BY_FRESHNESS[freshness], ...tests].map((health) => ORDER.indexOf(health));
  return ORDER[Math.max(...places)] ?? 'unknown';
}
