import type { Catalog, Dataset } from '@rollcall/catalog';
import { isoMicros } from '@rollcall/kernel';
import type { Health, OverviewAnswer, ReportSummary, RunInfo } from '@rollcall/reports/shown';
import type { BrokenReport } from '../engine/report-book.js';
import type { BrokerFacts } from './broker-facts.js';
import { concernsOf } from './concerns.js';
import type { DatasetFacts } from './dataset-facts.js';
import { byHealth, worstOf } from './health.js';
import type { LedgerTotal } from './ledger-totals.js';
import type { RowCount } from './row-counts.js';

/** Everything that was asked, at one moment. */
export interface OverviewFacts {
  readonly nowMs: number;
  readonly catalog: Catalog;
  readonly totals: ReadonlyMap<string, LedgerTotal>;
  readonly counts: ReadonlyMap<string, RowCount>;
  readonly datasets: readonly DatasetFacts[];
  readonly broker: BrokerFacts;
  /** The newest first. */
  readonly runs: readonly RunInfo[];
  readonly reports: readonly ReportSummary[];
  readonly broken: readonly BrokenReport[];
  /** Report -> the datasets it stands on, also through other reports. */
  readonly inputs: ReadonlyMap<string, readonly string[]>;
}

type DatasetAnswer = OverviewAnswer['datasets'][number];

/** Pure: the state of the platform, and what of it needs somebody. */
export function assembleOverview(facts: OverviewFacts): OverviewAnswer {
  const { broker } = facts;
  const datasets = facts.datasets.flatMap((one) => {
    const dataset = facts.catalog.datasets.get(one.dataset);
    return dataset === undefined ? [] : [datasetAnswer(facts, dataset, one)];
  });
  const sources = facts.catalog.sources.map(({ source, kind }) => {
    const own = datasets.filter((dataset) => dataset.source === source);
    const last = facts.runs.find((run) => run.source === source);
    return {
      source,
      kind,
      health: worstOf([
        ...own.map(({ health }) => health),
        ...(last?.verdict === 'failed' ? ['degraded' as const] : []),
      ]),
      datasets: own.map(({ dataset }) => dataset),
      newestAt: newestOf(own.map(({ newestExtractAt }) => newestExtractAt)),
    };
  });
  const concerns = [...concernsOf(facts, datasets)].sort(byHealth);
  const parts = [...sources, ...datasets, ...facts.reports, ...concerns].map(({ health }) => health);
  return {
    checkedAt: isoMicros(BigInt(Math.round(facts.nowMs * 1_000))),
    health: worstOf(parts),
    concerns,
    sources,
    datasets,
    reports: facts.reports,
    lag: broker.kind === 'answered' ? broker.lag : null,
    deadLetters: broker.kind === 'answered' ? broker.deadLetters : null,
    runs: facts.runs,
  };
}

function datasetAnswer(facts: OverviewFacts, dataset: Dataset, own: DatasetFacts): DatasetAnswer {
  const { name, source, description = '' } = dataset;
  const total = facts.totals.get(name);
  const count = facts.counts.get(name);
  const newestExtractAt = total?.newestExtractAt ?? null;
  const freshness = freshnessOf(dataset, newestExtractAt, facts.nowMs);
  return {
    dataset: name,
    source,
    description,
    health: healthOf(freshness, own),
    lake: { batches: total?.batches ?? 0, rows: total?.rows ?? 0, bytes: total?.bytes ?? 0 },
    rows: count?.rows ?? 0,
    rowsAreEstimated: count?.isEstimate ?? false,
    quarantined: own.quarantined,
    held: own.held,
    newestExtractAt,
    lastLoadAt: own.loads[0]?.loadedAt ?? null,
    loads: own.loads.map(({ loadId, loadedAt, counts }) => ({
      loadId,
      loadedAt,
      in: counts.in,
      merged: counts.merged,
      quarantined: counts.quarantined,
    })),
    reports: facts.reports.flatMap(({ report }) => (facts.inputs.get(report)?.includes(name) ? [report] : [])),
    freshness,
  };
}

/** The catalog's `freshness` has one bound: beyond it the data is stale. */
export function freshnessOf(dataset: Dataset, newest: string | null, nowMs: number): DatasetAnswer['freshness'] {
  if (newest === null) return 'empty';
  const bounds = dataset.tests.flatMap((test) => (test.kind === 'freshness' ? [test.seconds] : []));
  if (bounds.length === 0) return 'unbounded';
  return (nowMs - Date.parse(newest)) / 1000 > Math.min(...bounds) ? 'stale' : 'fresh';
}

function healthOf(freshness: DatasetAnswer['freshness'], { quarantined, held }: DatasetFacts): Health {
  if (freshness === 'stale') return 'degraded';
  if (quarantined > 0 || held > 0) return 'warning';
  return freshness === 'empty' ? 'unknown' : 'healthy';
}

/** ISO texts of one form compare as the instants do. */
function newestOf(instants: readonly (string | null)[]): string | null {
  return instants.reduce((newest, at) => (newest === null || (at !== null && at > newest) ? at : newest), null);
}
