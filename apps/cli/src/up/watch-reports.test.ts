import type { ReportList, ReportSummary } from '@rollcall/reports/shown';
import { describe, expect, it } from 'vitest';
import { reportFaults, watchReports } from './watch-reports.js';

const good: ReportSummary = {
  report: 'answers_per_session',
  revision: 1,
  hash: '000000000000',
  refreshId: 'r1',
  asOf: '2026-01-02T00:00:00.000000Z',
  computedAt: '2026-01-02T00:00:01.000000Z',
  health: 'healthy',
  freshness: { state: 'fresh', inputs: [] },
  withheld: 0,
  tests: [],
  heldBack: null,
  faults: [],
  title: 'Answers per session',
  question: 'How many?',
  owner: 'product',
  rows: 12,
};
const list = (...reports: readonly Partial<ReportSummary>[]): ReportList => ({
  reports: reports.map((change) => ({ ...good, ...change })),
  broken: [],
});

describe('reportFaults', () => {
  it('has nothing to say of reports that are filled and healthy', () => {
    expect(reportFaults(list({}), true)).toEqual([]);
    expect(reportFaults(list({ rows: 0, health: 'unknown' }), false)).toEqual([]);
  });

  it.each<[string, ReportList | undefined, string]>([
    ['silence', undefined, 'reporting does not say what it serves'],
    ['no report at all', list(), 'there is no report'],
    ['an empty report', list({ rows: 0 }), 'report answers_per_session has no row'],
    [
      'a report held back',
      list({ health: 'degraded', heldBack: { since: good.computedAt, reason: 'because test grain failed' } }),
      'report answers_per_session is degraded: the last good state is served, because test grain failed',
    ],
    [
      'a failed test',
      list({ health: 'warning', tests: [{ name: 'range', severity: 'warn', passed: false, failures: 3 }] }),
      'report answers_per_session is warning: tests failed: range',
    ],
    [
      'old data',
      list({ health: 'warning', freshness: { state: 'late', inputs: [] } }),
      'report answers_per_session is warning: its data is late',
    ],
  ])('names %s', (_, found, sentence) => expect(reportFaults(found, true)).toEqual([sentence]));

  it.each([true, false])('names a faulty edit and a folder that is not served, demo or not', (filled) => {
    const found = list({ faults: ['reports/a/report.yaml:1:1: error: x [y]'] });
    const broken = [{ report: 'other', faults: ['reports/other/view.sql:2:1: error: x [y]'] }];
    expect(reportFaults({ ...found, broken }, filled)).toEqual([
      'report other is not served: reports/other/view.sql:2:1: error: x [y]',
      'report answers_per_session is served as it was before its last edit: reports/a/report.yaml:1:1: error: x [y]',
    ]);
  });
});

describe('watchReports', () => {
  /** A clock that waiting moves; `looks` are given one after the other, the last one for ever. */
  async function watch(
    looks: readonly (ReportList | undefined)[],
    { filled = true, loaded = 'r1', stop = new AbortController().signal } = {},
  ) {
    let now = 0;
    let asked = 0;
    const found = await watchReports({
      look: async () => {
        const found = looks[Math.min(asked++, looks.length - 1)];
        const behind = found?.reports.filter(({ refreshId }) => refreshId < loaded).map(({ report }) => report);
        return { list: found, behind: behind ?? [] };
      },
      filled,
      progress: () => undefined,
      patienceMs: 10_000,
      stop,
      nowMs: () => now,
      wait: async (ms) => void (now += ms),
    });
    return { found, asked, ms: now };
  }

  it('waits until all are filled and show what was loaded last', async () => {
    const looks = [undefined, list({ rows: 0 }), list({}), list({}), list({ refreshId: 'r2', rows: 13 })];
    expect(await watch(looks, { loaded: 'r2' })).toMatchObject({ found: looks[4], asked: 5 });
  });

  it('asks once where nothing needs to be filled', async () => {
    expect(await watch([list({ rows: 0 })], { filled: false })).toMatchObject({ asked: 1, ms: 0 });
  });

  it('gives up when nothing moves', async () => {
    const { found, ms } = await watch([list({ rows: 0 })]);
    expect(found).toEqual(list({ rows: 0 }));
    expect(ms).toBeGreaterThan(10_000);
  });

  it('goes on as long as something moves', async () => {
    const moving = Array.from({ length: 60 }, (_, i) => list({ rows: 0, refreshId: `r${i}` }));
    const { found } = await watch([...moving, list({})]);
    expect(found).toEqual(list({}));
  });

  it('ends when told', async () => {
    expect((await watch([undefined], { stop: AbortSignal.abort() })).asked).toBe(1);
  });
});
