/** What the API says of the platform: its state, and what waits. See `api.ts` for how values are written. */
import type { Health, ReportSummary } from './api.js';
import type { RunInfo } from './api-lineage.js';

/** GET /api/v1/overview */
export interface OverviewAnswer {
  readonly checkedAt: string;
  readonly health: Health;
  /** Sentences, worst first, each with the way out. */
  readonly concerns: readonly {
    readonly health: Health;
    readonly text: string;
    readonly href?: string;
  }[];
  readonly sources: readonly {
    readonly source: string;
    readonly kind: string;
    readonly health: Health;
    readonly datasets: readonly string[];
    readonly newestAt: string | null;
  }[];
  readonly datasets: readonly {
    readonly dataset: string;
    readonly source: string;
    readonly description: string;
    readonly health: Health;
    /** Of the batches that were loaded; records that could not be taken count too. */
    readonly lake: { readonly batches: number; readonly rows: number; readonly bytes: number };
    /** Current rows in the warehouse. */
    readonly rows: number;
    /** `rows` is an estimate of the database's. */
    readonly rowsAreEstimated: boolean;
    readonly quarantined: number;
    readonly held: number;
    readonly newestExtractAt: string | null;
    readonly lastLoadAt: string | null;
    /** From newest to oldest, at most 10: the loads' counts. */
    readonly loads: readonly {
      readonly loadId: string;
      readonly loadedAt: string;
      readonly in: number;
      readonly merged: number;
      readonly quarantined: number;
    }[];
    /** The reports that stand on it. */
    readonly reports: readonly string[];
    readonly freshness: 'fresh' | 'late' | 'stale' | 'unbounded' | 'empty';
  }[];
  readonly reports: readonly ReportSummary[];
  /** Messages waiting per hop; null: the broker does not answer. */
  readonly lag: readonly { readonly hop: string; readonly label: string; readonly waiting: number }[] | null;
  readonly deadLetters: number | null;
  readonly runs: readonly RunInfo[];
}

/** GET /api/v1/quarantine?dataset=&reason=&status=open&after=&limit= */
export interface QuarantineAnswer {
  readonly groups: readonly {
    readonly dataset: string;
    readonly reason: string;
    readonly column: string | null;
    readonly open: number;
    readonly last24h: number;
    readonly newestAt: string;
    readonly reports: readonly string[];
  }[];
  readonly total: number;
  readonly entries: readonly {
    readonly id: string;
    readonly dataset: string;
    readonly reason: string;
    readonly column: string | null;
    readonly place: string;
    readonly lane: string;
    readonly origin: string;
    readonly batch: string;
    readonly loadedAt: string;
    readonly status: string;
    readonly tries: number;
    readonly sealed: boolean;
  }[];
  readonly next: string | null;
  /** Clears that would delete much of a dataset and wait for an operator; in the order they came. */
  readonly held?: readonly {
    readonly id: string;
    readonly dataset: string;
    /** false: of rows that begin with the same key values. */
    readonly wholeDataset: boolean;
    readonly wouldDelete: number;
    readonly standing: number;
    readonly heldAt: string;
  }[];
}
