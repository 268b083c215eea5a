import { parseReport } from '@rollcall/reports';
import { describe, expect, it } from 'vitest';
import { envelopeOf, freshnessOf } from './envelope-of.js';
import type { Standing } from './report-book.js';
import { EVENTS, smallReport } from '../../test/small-reports.js';

const { report } = parseReport({
  name: 'events',
  dir: 'reports/events',
  files: new Map(
    Object.entries(smallReport('events', { ...EVENTS, more: ['freshness: { warn_after: 1h, fail_after: 2h }'] })),
  ),
});
if (!report) throw new Error('the report of this test is faulty');

const NOW = Date.parse('2026-01-02T12:00:00Z');
const standing: Standing = {
  report,
  datasets: ['app_events'],
  reportsUnder: [],
  refreshId: 'r1',
  asOf: '2026-01-02T11:59:00.000000Z',
  computedAt: '2026-01-02T11:59:01.000000Z',
  rows: 2,
  rowsChanged: 1,
  tests: [{ name: 'grain', severity: 'hold', passed: true, failures: 0 }],
  withheld: 3,
  inputs: [{ dataset: 'app_events', asOf: '2026-01-02T11:59:00.000000Z', withheld: 3 }],
  heldBack: null,
  faults: [],
};
const healthOf = (more: Partial<Standing>, nowMs = NOW) => envelopeOf({ ...standing, ...more }, nowMs).health;
const test = (severity: 'hold' | 'warn') => ({ name: 't', severity, passed: false, failures: 4 });

describe('freshness', () => {
  const bounds = { warnAfterSeconds: 60, failAfterSeconds: 120 };
  it.each([
    [60, 'fresh'],
    [61, 'late'],
    [120, 'late'],
    [121, 'stale'],
  ] as const)('of source data %i s old is %s', (seconds, state) => {
    expect(freshnessOf(new Date(NOW - seconds * 1000).toISOString(), bounds, NOW)).toBe(state);
  });

  it('is empty before anything arrived and unbounded where nobody set a bound', () => {
    expect(freshnessOf(null, bounds, NOW)).toBe('empty');
    expect(freshnessOf('2020-01-01T00:00:00Z', undefined, NOW)).toBe('unbounded');
  });
});

describe('health', () => {
  it('is the worst of last run, freshness and tests', () => {
    expect(healthOf({})).toBe('healthy');
    expect(healthOf({ asOf: null })).toBe('unknown');
    expect(healthOf({ tests: [test('warn')] })).toBe('warning');
    expect(healthOf({ tests: [test('hold')] })).toBe('degraded');
    expect(healthOf({ faults: ['report.yaml:1:1: error: no'] })).toBe('warning');
    expect(healthOf({ heldBack: { kind: 'failed', since: standing.computedAt, reason: 'no' } })).toBe('degraded');
    expect(healthOf({}, NOW + 3_600_000)).toBe('warning');
    expect(healthOf({ tests: [test('warn')] }, NOW + 7_200_000)).toBe('degraded');
  });
});

it('the envelope carries what is withheld, why something is held back, and the bounds', () => {
  expect(envelopeOf({ ...standing, heldBack: { kind: 'test', since: 's', reason: 'why' } }, NOW)).toMatchObject({
    report: 'events',
    withheld: 3,
    heldBack: { since: 's', reason: 'why' },
    freshness: { state: 'fresh', warnAfterSeconds: 3600, failAfterSeconds: 7200, inputs: standing.inputs },
  });
});
