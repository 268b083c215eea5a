import type { Catalog } from '@rollcall/catalog';
import type { OverviewAnswer, ReportSummary, RunInfo } from '@rollcall/reports/shown';
import type { Ops } from '@rollcall/warehouse';
import type { ReportBook, Standing } from '../engine/report-book.js';
import type { Reading } from '../evidence/batch-facts.js';
import { assembleOverview } from './assemble-overview.js';
import type { BrokerFacts } from './broker-facts.js';
import { readDatasetFacts } from './dataset-facts.js';
import { LedgerTotals } from './ledger-totals.js';
import { RowCounts } from './row-counts.js';
import { runInfo } from './run-info.js';
import { SharedAnswer } from './shared-answer.js';

export interface OverviewParts {
  readonly warehouse: Reading;
  readonly ops: Pick<Ops, 'recentRuns'>;
  readonly catalog: Catalog;
  readonly book: Pick<ReportBook, 'list' | 'broken' | 'on'>;
  readonly summaryOf: (standing: Standing, nowMs: number) => ReportSummary;
  readonly readBroker: () => Promise<BrokerFacts>;
  readonly nowMs: () => number;
}

const MAX_AGE_MS = 2_000;
const SHOWN_RUNS = 20;

/** The state of the whole platform. However many look at it: made once in two seconds, and once after each event of the book. */
export class Overview {
  readonly #parts: OverviewParts;
  readonly #totals: LedgerTotals;
  readonly #counts: RowCounts;
  readonly #shared: SharedAnswer<OverviewAnswer>;

  constructor(parts: OverviewParts) {
    const datasets = [...parts.catalog.datasets.keys()];
    this.#parts = parts;
    this.#totals = new LedgerTotals(parts.warehouse, datasets);
    this.#counts = new RowCounts(parts.warehouse);
    this.#shared = new SharedAnswer(() => this.#make(datasets), MAX_AGE_MS);
    // A load or a refresh happened: the next answer knows of it.
    parts.book.on(() => this.#shared.outdate());
  }

  /** @throws RollcallError warehouse/*: a broker that is away is told in the answer, a warehouse that is away has none to tell it */
  answer(): Promise<OverviewAnswer> {
    return this.#shared.get();
  }

  /** The newest first. */
  async runs(limit: number): Promise<readonly RunInfo[]> {
    const runs = await this.#parts.ops.recentRuns(limit);
    return runs.map(runInfo);
  }

  async #make(names: readonly string[]): Promise<OverviewAnswer> {
    const { warehouse, catalog, book, summaryOf, readBroker } = this.#parts;
    const [totals, datasets, broker, runs] = await Promise.all([
      this.#totals.read(),
      readDatasetFacts(warehouse, names),
      readBroker(),
      this.runs(SHOWN_RUNS),
    ]);
    const lastLoads = new Map(datasets.map(({ dataset, loads }) => [dataset, loads[0]?.loadId ?? null]));
    const counts = await this.#counts.read(lastLoads);
    const nowMs = this.#parts.nowMs();
    const standings = book.list();
    return assembleOverview({
      nowMs,
      catalog,
      totals,
      counts,
      datasets,
      broker,
      runs,
      reports: standings.map((standing) => summaryOf(standing, nowMs)),
      broken: book.broken(),
      inputs: new Map(standings.map(({ report, datasets: inputs }) => [report.name, inputs])),
    });
  }
}
