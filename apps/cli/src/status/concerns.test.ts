import { describe, expect, it } from 'vitest';
import type { ReportFreshness } from '../edges/report-freshness.js';
import { concernsOf } from './concerns.js';
import type { DatasetStatus } from './read-status.js';

const well: DatasetStatus = { dataset: 'answers', lakeBatches: 3, loadedBatches: 3, rows: 9, quarantined: 0, held: 0 };
const served: ReportFreshness = {
  report: 'answers_per_session',
  title: 'Answers per session',
  revision: 1,
  state: 'fresh',
  rows: 9,
  asOf: '2026-01-02T03:04:05.678901Z',
  ageSeconds: 60,
  computedAt: '2026-01-02T03:04:06.000000Z',
  withheld: 0,
  testsFailed: 0,
};
const platform = {
  datasets: [well],
  reports: [served],
  consumers: [],
  services: [{ name: 'ingest-logs', ready: true }],
  unreachable: [],
  deadLetters: 0,
};

describe('concernsOf', () => {
  it('finds nothing in a platform that is well', () => {
    expect(concernsOf(platform)).toEqual([]);
  });

  it('says nothing of what it could not ask', () => {
    const { loadedBatches: _, ...unknown } = well;
    expect(concernsOf({ ...platform, datasets: [unknown] })).toEqual([]);
  });

  it.each<[Partial<DatasetStatus>, string]>([
    [{ loadedBatches: 1 }, '2 batches of the lake are not loaded yet'],
    [{ quarantined: 4 }, 'rollcall quarantine list --dataset answers'],
    [{ held: 1 }, 'rollcall held list --dataset answers'],
  ])('%j -> %s', (change, words) => {
    const concerns = concernsOf({ ...platform, datasets: [{ ...well, ...change }] });
    expect(concerns).toHaveLength(1);
    expect(concerns[0]).toContain(words);
  });

  it.each<[Partial<ReportFreshness>, string]>([
    [
      { heldBackReason: 'test grain failed' },
      'report answers_per_session shows its last good state: test grain failed',
    ],
    [{ testsFailed: 2 }, '2 of its tests failed: rollcall report preview answers_per_session'],
    [{ state: 'late' }, 'report answers_per_session: its data is late'],
    [{ state: 'stale' }, 'report answers_per_session: its data is stale'],
  ])('%j -> %s', (change, words) => {
    const concerns = concernsOf({ ...platform, reports: [{ ...served, ...change }] });
    expect(concerns).toHaveLength(1);
    expect(concerns[0]).toContain(words);
  });

  it.each(['unbounded', 'empty'])('leaves a report whose data is %s alone', (state) => {
    expect(concernsOf({ ...platform, reports: [{ ...served, state }] })).toEqual([]);
  });

  it('names dead letters and services that are not ready', () => {
    const services = [{ name: 'ingest-logs', ready: false, why: 'does not answer' }];
    expect(concernsOf({ ...platform, deadLetters: 2, services })).toEqual([
      '2 dead letters: rollcall dead list',
      'ingest-logs is not ready: it does not answer',
    ]);
  });
});
