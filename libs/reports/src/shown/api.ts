/**
 * What the reporting API says: the shapes that the server writes and the web app reads. Types only, for both sides.
 * int8, decimal and numeric are decimal text; dates `YYYY-MM-DD`; instants ISO 8601 in UTC with microseconds.
 */
import type { ValueFormat } from './format-value.js';

export type * from './api-lineage.js';
export type * from './api-platform.js';

export type Cell = string | number | boolean | null;
export type Row = Readonly<Record<string, Cell>>;

/** Worst of last run, freshness and tests. */
export type Health = 'healthy' | 'warning' | 'degraded' | 'unknown';

/** Stands around every answer of a report: how old, how sure. */
export interface Envelope {
  readonly report: string;
  readonly revision: number;
  /** Of the folder's content. */
  readonly hash: string;
  /** Changes with every refresh; the ETag is made of it. */
  readonly refreshId: string;
  /** The source data is complete up to here: the oldest of the inputs' newest extracts. null: no input has arrived. */
  readonly asOf: string | null;
  readonly computedAt: string;
  readonly health: Health;
  readonly freshness: {
    readonly state: 'fresh' | 'late' | 'stale' | 'unbounded' | 'empty';
    readonly warnAfterSeconds?: number;
    readonly failAfterSeconds?: number;
    /** The same per input dataset. */
    readonly inputs: readonly { readonly dataset: string; readonly asOf: string | null; readonly withheld: number }[];
  };
  /** Records of the inputs that wait in quarantine or are held: not in the numbers. */
  readonly withheld: number;
  readonly tests: readonly TestOutcome[];
  /** The last good state is served, because a newer one failed a test or could not be computed. */
  readonly heldBack: { readonly since: string; readonly reason: string } | null;
  /** A newer edit of the folder is faulty; the last good revision is served. */
  readonly faults: readonly string[];
}

export interface TestOutcome {
  readonly name: string;
  readonly severity: 'hold' | 'warn';
  readonly passed: boolean;
  readonly failures: number;
}

export interface ReportSummary extends Envelope {
  readonly title: string;
  readonly question: string;
  readonly owner: string;
  readonly rows: number;
}

/** GET /api/v1/reports */
export interface ReportList {
  readonly reports: readonly ReportSummary[];
  /** Folders that never had a good revision. */
  readonly broken: readonly { readonly report: string; readonly faults: readonly string[] }[];
}

export interface ColumnInfo {
  readonly name: string;
  readonly type: string;
  readonly label: string;
  readonly description: string;
  readonly unit?: string;
  readonly format: ValueFormat;
  readonly additive: 'sum' | 'none';
  readonly inGrain: boolean;
}

export interface FilterInfo {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
  readonly op: 'eq' | 'in' | 'between' | 'contains' | 'where';
  readonly column?: string;
  readonly type: string;
  readonly required: boolean;
  /** As it stands in the URL, each value one occurrence of the parameter. */
  readonly default: readonly string[];
  /** eq and in: what may be chosen. `value` null: no value. */
  readonly options?: readonly { readonly value: string | null; readonly label: string; readonly rows: number }[];
  readonly optionsCut?: boolean;
  /** between: the ends of the data. */
  readonly extent?: { readonly min: Cell; readonly max: Cell };
  readonly min?: number;
  readonly max?: number;
  readonly unit?: string;
}

export interface ChartInfo {
  readonly name: string;
  readonly title: string;
  readonly subtitle?: string;
  readonly kind: string;
}

/** GET /api/v1/reports/:report */
export interface ReportDescription extends ReportSummary {
  readonly description: string;
  readonly zone: string;
  readonly grain: readonly string[];
  readonly columns: readonly ColumnInfo[];
  readonly filters: readonly FilterInfo[];
  readonly tiles: readonly { readonly name: string; readonly label: string; readonly unit?: string }[];
  readonly charts: readonly ChartInfo[];
  readonly table: {
    readonly columns: readonly string[];
    readonly sort: string;
    readonly pageRows: number;
  };
  readonly layout: readonly (
    | { readonly kind: 'tiles'; readonly tiles: readonly string[] }
    | { readonly kind: 'charts'; readonly charts: readonly string[] }
    | { readonly kind: 'table' }
  )[];
  /** Names of the input datasets, and the reports it stands on. */
  readonly inputs: { readonly datasets: readonly string[]; readonly reports: readonly string[] };
  readonly sql: string;
}

/** GET /api/v1/reports/:report/rows?<filter>=…&sort=-column&limit=50&after=<cursor> */
export interface RowsAnswer extends Envelope {
  readonly columns: readonly ColumnInfo[];
  readonly rows: readonly Row[];
  /** Of all rows that match. */
  readonly total: number;
  /** Send as `after` for the next page; null: this was the last. */
  readonly next: string | null;
  /** The filters in words: "Day 3 Aug – 22 Nov, Event submission_success". Empty: no filter. */
  readonly filteredBy: readonly string[];
  /** The refresh that the first page of this paging saw, when it was another one. */
  readonly pagedFrom?: string;
}

/** GET /api/v1/reports/:report/tiles?<filter>=… */
export interface TilesAnswer extends Envelope {
  readonly tiles: readonly {
    readonly name: string;
    readonly label: string;
    readonly value: Cell;
    readonly format: ValueFormat;
    readonly unit?: string;
    readonly good: 'up' | 'down' | 'none';
    readonly target?: {
      readonly value: string;
      readonly share: number | null;
      readonly state: 'met' | 'near' | 'behind' | 'none';
    };
  }[];
  readonly filteredBy: readonly string[];
}

/** GET /api/v1/reports/:report/charts/:chart?<filter>=…&theme=light|dark&width=320..1600 (also .svg, .png) */
export interface ChartAnswer extends Envelope {
  readonly chart: ChartInfo;
  /** One sentence in words, for people who cannot see the chart. */
  readonly description: string;
  /** A compiled Vega specification whose data set `rows` is to be filled with `rows`. */
  readonly vega: Readonly<Record<string, unknown>>;
  readonly rows: readonly Row[];
  /** Of `rows`: for "Show as table". */
  readonly columns: readonly ColumnInfo[];
  /** Rows that the chart's limit left out. */
  readonly leftOut: number;
  readonly filteredBy: readonly string[];
  readonly width: number;
  readonly height: number;
}

/** GET /api/v1/dictionary */
export interface DictionaryAnswer {
  readonly reports: readonly {
    readonly report: string;
    readonly title: string;
    readonly description: string;
    readonly owner: string;
    readonly grain: readonly string[];
    readonly columns: readonly ColumnInfo[];
  }[];
  readonly datasets: readonly {
    readonly dataset: string;
    readonly source: string;
    readonly description: string;
    readonly key: readonly string[];
    readonly columns: readonly {
      readonly name: string;
      readonly type: string;
      readonly description: string;
      readonly pii: string;
    }[];
  }[];
}

/** GET /api/v1/reports/:report/connect (also /connect.pbids and /connect.tds) */
export interface ConnectAnswer {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly schema: 'report';
  readonly view: string;
  readonly user: string;
  /** Without a password. */
  readonly url: string;
  readonly odbc: string;
  readonly jdbc: string;
  readonly psql: string;
}

/** GET /api/v1/session; POST with `{ "token": "…" }` signs in, DELETE out. */
export interface SessionAnswer {
  /** Nobody has to sign in: the service listens on loopback only. */
  readonly open: boolean;
  readonly signedIn: boolean;
  readonly name: string | null;
  readonly scopes: readonly Scope[];
}

/** `reports`: reports and exports. `records`: evidence, raw records, quarantine, runs. */
export type Scope = 'reports' | 'records';

/** Events of GET /api/v1/live (text/event-stream), each with the data as JSON. */
export type LiveEvent =
  /** First of all, and after a reconnection: what stands. Whoever saw another refresh id fetches again. */
  | { readonly event: 'hello'; readonly data: { readonly refreshes: Readonly<Record<string, string>> } }
  | {
      readonly event: 'refreshed';
      readonly data: {
        readonly report: string;
        readonly refreshId: string;
        readonly rowsChanged: number;
        readonly asOf: string | null;
      };
    }
  /** A report's folder changed, or the state around its rows (tests, freshness, held back). */
  | { readonly event: 'changed'; readonly data: { readonly report: string; readonly refreshId: string } }
  | { readonly event: 'invalid'; readonly data: { readonly report: string; readonly faults: readonly string[] } }
  /** Something of the overview moved: a load, a run. At most once a second. */
  | { readonly event: 'overview'; readonly data: Readonly<Record<string, never>> };

/** RFC 9457, `application/problem+json`. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance: string;
  /** Kebab-case; stable, for programs. */
  readonly code: string;
  readonly requestId: string;
  /** One entry per wrong parameter. */
  readonly errors?: readonly { readonly parameter: string; readonly detail: string }[];
}
