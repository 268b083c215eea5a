import { checkCatalog, parseSource, type Catalog } from '@rollcall/catalog';
import type { ReportSummary, RunInfo } from '@rollcall/reports/shown';
import { describe, expect, it } from 'vitest';
import { assembleOverview, type OverviewFacts } from './assemble-overview.js';
import type { DatasetFacts } from './dataset-facts.js';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const at = (hoursAgo: number): string => `${new Date(NOW - hoursAgo * 3_600_000).toISOString().slice(0, -1)}000Z`;

const CATALOG = catalogOf(`
source: quiz
kind: logs
datasets:
  answers:
    description: Answers
    capture: { mode: events }
    key: [id]
    columns: { id: { type: text } }
    tests: [{ freshness: 2h }]
  questions:
    capture: { mode: events }
    key: [id]
    columns: { id: { type: text } }
`);

function catalogOf(yaml: string): Catalog {
  const { catalog, faults } = checkCatalog([parseSource(yaml, 'quiz.yaml')]);
  if (!catalog) throw new Error(faults.map(({ message }) => message).join('\n'));
  return catalog;
}

const counts = { in: 9, merged: 7, superseded: 0, duplicate: 1, quarantined: 1, held: 0, erased: 0 };
const answers: DatasetFacts = {
  dataset: 'answers',
  quarantined: 0,
  held: 0,
  loads: [{ loadId: 'l2', loadedAt: at(1), counts }],
};
const questions: DatasetFacts = { dataset: 'questions', quarantined: 0, held: 0, loads: [] };

const report: ReportSummary = {
  report: 'per_day',
  revision: 1,
  hash: 'h',
  refreshId: 'r1',
  asOf: at(1),
  computedAt: at(1),
  health: 'healthy',
  freshness: {
    state: 'fresh',
    warnAfterSeconds: 7_200,
    failAfterSeconds: 86_400,
    inputs: [{ dataset: 'answers', asOf: at(1), withheld: 0 }],
  },
  withheld: 0,
  tests: [],
  heldBack: null,
  faults: [],
  title: 'Per day',
  question: 'How many?',
  owner: 'product',
  rows: 3,
};

const run = (change: Partial<RunInfo>): RunInfo => ({
  runId: 'run-1',
  kind: 'logs',
  source: 'quiz',
  dataset: null,
  verdict: 'succeeded',
  code: null,
  read: 9,
  batches: 1,
  rejected: 0,
  requestedBy: 'cli',
  startedAt: at(2),
  finishedAt: at(1),
  trace: null,
  ...change,
});

const WELL: OverviewFacts = {
  nowMs: NOW,
  catalog: CATALOG,
  totals: new Map([['answers', { batches: 2, rows: 9, bytes: 900, newestExtractAt: at(1) }]]),
  counts: new Map([['answers', { rows: 7, isEstimate: false }]]),
  datasets: [answers, questions],
  broker: { kind: 'answered', lag: [{ hop: 'loader-batches', label: 'Batches to load', waiting: 2 }], deadLetters: 0 },
  runs: [run({})],
  reports: [report],
  broken: [],
  inputs: new Map([['per_day', ['answers']]]),
};

describe('assembleOverview', () => {
  it('finds a platform that is well healthy, also beside a dataset that never got a record', () => {
    const overview = assembleOverview(WELL);
    expect(overview).toMatchObject({
      health: 'healthy',
      concerns: [],
      deadLetters: 0,
      checkedAt: '2026-03-01T12:00:00.000000Z',
    });
    expect(overview.sources).toEqual([
      { source: 'quiz', kind: 'logs', health: 'healthy', datasets: ['answers', 'questions'], newestAt: at(1) },
    ]);
    expect(overview.datasets).toMatchObject([
      {
        dataset: 'answers',
        lake: { batches: 2, rows: 9, bytes: 900 },
        rows: 7,
        freshness: 'fresh',
        lastLoadAt: at(1),
        loads: [{ loadId: 'l2', in: 9, merged: 7, quarantined: 1 }],
        reports: ['per_day'],
      },
      { dataset: 'questions', health: 'unknown', freshness: 'empty', rows: 0, lastLoadAt: null, reports: [] },
    ]);
  });

  it('knows nothing of a platform in which nothing has arrived', () => {
    const empty = {
      ...WELL,
      totals: new Map(),
      datasets: [{ ...answers, loads: [] }, questions],
      reports: [],
      runs: [],
    };
    expect(assembleOverview(empty)).toMatchObject({ health: 'unknown', concerns: [] });
  });

  it.each<[string, Partial<OverviewFacts>, string, RegExp, string | undefined]>([
    [
      'a dataset older than its contract allows',
      { totals: stale() },
      'degraded',
      /newest record came 3 hours ago.*quiz/,
      undefined,
    ],
    [
      'quarantine',
      { datasets: [{ ...answers, quarantined: 1_200 }, questions] },
      'warning',
      /1,200 records in quarantine.*rollcall quarantine list --dataset answers/,
      '/quarantine?dataset=answers',
    ],
    [
      'a held clear',
      { datasets: [{ ...answers, held: 1 }, questions] },
      'warning',
      /1 deletion .*rollcall held list --dataset answers/,
      '/quarantine?dataset=answers',
    ],
    [
      'a failed run',
      { runs: [run({ verdict: 'failed', code: 'source/unavailable' }), run({ runId: 'older' })] },
      'degraded',
      /last run failed \(source\/unavailable\)/,
      '/runs',
    ],
    [
      'a broker that is away',
      { broker: { kind: 'away', why: 'nats-server at x is not connected.' } },
      'degraded',
      /nats-server at x is not connected/,
      undefined,
    ],
    [
      'dead letters',
      { broker: { kind: 'answered', lag: [], deadLetters: 1 } },
      'warning',
      /1 dead letter: `rollcall dead list`/,
      undefined,
    ],
    [
      'batches that pile up',
      {
        broker: {
          kind: 'answered',
          lag: [{ hop: 'loader-batches', label: 'Batches to load', waiting: 101 }],
          deadLetters: 0,
        },
      },
      'warning',
      /101 messages wait.*warehouse-loader/,
      undefined,
    ],
    [
      'a folder that cannot be served',
      { broken: [{ report: 'bad', faults: ['reports/bad/view.sql:2:8: error'] }] },
      'degraded',
      /bad cannot be served: reports\/bad\/view.sql:2:8/,
      '/reports/bad',
    ],
    [
      'a report that is held back',
      { reports: [{ ...report, health: 'degraded', heldBack: { since: at(5), reason: 'test grain failed' } }] },
      'degraded',
      /last good state, 5 hours old: test grain failed\./,
      '/reports/per_day',
    ],
    [
      'a test that fails',
      {
        reports: [
          { ...report, health: 'warning', tests: [{ name: 'range', severity: 'warn', passed: false, failures: 2 }] },
        ],
      },
      'warning',
      /the test range \(2 rows\)/,
      '/reports/per_day',
    ],
    [
      'a report whose data is late',
      { reports: [{ ...report, health: 'warning', freshness: { ...report.freshness, state: 'late' } }] },
      'warning',
      /more than 2 hours\. Look for what should deliver answers/,
      '/reports/per_day',
    ],
    [
      'a faulty edit',
      { reports: [{ ...report, health: 'warning', faults: ['report.yaml:3:1: error'] }] },
      'warning',
      /the revision before is: report.yaml:3:1/,
      '/reports/per_day',
    ],
  ])('names %s with the way out', (_, change, health, text, href) => {
    const overview = assembleOverview({ ...WELL, ...change });
    expect(overview.concerns).toHaveLength(1);
    expect(overview.concerns[0]).toMatchObject({ health, text: expect.stringMatching(text) });
    expect(overview.concerns[0]?.href).toBe(href);
    expect(overview.health).toBe(health);
  });

  it('says the worst first', () => {
    const datasets = [{ ...answers, quarantined: 1 }, questions];
    const broker = { kind: 'away', why: 'away' } as const;
    const { concerns } = assembleOverview({ ...WELL, datasets, broker, broken: [{ report: 'bad', faults: [] }] });
    expect(concerns.map(({ health }) => health)).toEqual(['degraded', 'degraded', 'warning']);
  });

  it('takes a later good run for the mending of a failed one', () => {
    const runs = [run({}), run({ runId: 'older', verdict: 'failed', code: 'lake/denied' })];
    expect(assembleOverview({ ...WELL, runs }).concerns).toEqual([]);
  });
});

function stale(): OverviewFacts['totals'] {
  return new Map([['answers', { batches: 2, rows: 9, bytes: 900, newestExtractAt: at(3) }]]);
}
