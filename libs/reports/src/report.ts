import type { LogicalType } from '@rollcall/catalog';
import type { ValueFormat } from './shown/format-value.js';

/** A report as its folder says it: one question, its view, and what its numbers mean. Parsed and checked; see docs/reports.md. */
export interface Report {
  /** The folder's name, and the view's: `report.<name>`. */
  readonly name: string;
  /** Raised by people when columns change their meaning. */
  readonly revision: number;
  readonly title: string;
  /** What it answers, as a question. */
  readonly question: string;
  readonly description: string;
  readonly owner: string;
  /** Columns that identify a row; tested unique and not null. */
  readonly grain: readonly string[];
  /** Defines the report's days and months; said beside every date. */
  readonly zone: string;
  /** `true`: a table in `report_store` behind the view, refreshed by difference. `false`: a plain view. */
  readonly materialize: boolean;
  /** At most one refresh in this time. */
  readonly minRefreshSeconds: number;
  /** In the order of the view; columns are only ever added at the end. */
  readonly columns: readonly ReportColumn[];
  readonly filters: readonly ReportFilter[];
  readonly evidence: readonly EvidenceRule[];
  readonly targets: readonly Target[];
  readonly tests: readonly ReportTest[];
  readonly freshness?: { readonly warnAfterSeconds: number; readonly failAfterSeconds: number };
  readonly tiles: readonly Tile[];
  readonly charts: readonly Chart[];
  readonly table: TableRule;
  /** Rows of the page, from the top. */
  readonly layout: readonly LayoutRow[];
  /** `view.sql`: one bare SELECT. */
  readonly sql: string;
  /** Paths as faults name them. */
  readonly file: string;
  readonly sqlFile: string;
  /** First 12 hex of sha256 over everything in the folder that counts: what is served, exactly. */
  readonly hash: string;
}

export interface ReportColumn {
  readonly name: string;
  /** One of text, bool, int4, int8, decimal, numeric, float8, date, timestamptz: what BI tools load well. */
  readonly type: LogicalType;
  readonly label: string;
  readonly description: string;
  /** `sessions`, `answers`, `%`; stands in headers and subtitles. */
  readonly unit?: string;
  readonly format: ValueFormat;
  /** `sum`: may be summed and stacked. `none`: must not (distinct counts, shares, running totals). Only numbers have one. */
  readonly additive: 'sum' | 'none';
  /** Which direction is good news; colours deltas. */
  readonly good: 'up' | 'down' | 'none';
}

/** Bound as parameters on the outer SELECT, never as text. `name` is the key in the URL. */
export type ReportFilter = {
  readonly name: string;
  readonly label: string;
  readonly description?: string;
} & FilterRule;

export type FilterRule =
  /** One value (`eq`) or several (`in`); `default` undefined: no filter. Options are the distinct values, at most 500. */
  | {
      readonly op: 'eq' | 'in';
      readonly column: string;
      readonly default?: readonly string[];
      /** `eq` only: the page cannot be without a value. */
      readonly required: boolean;
      /** Labels of values, where the values are codes. Also fixes their order. */
      readonly labels?: Readonly<Record<string, string>>;
    }
  /** Both ends inclusive, either may be open; `lastDays` counts back from the newest day in the report. Date, timestamptz and numbers. */
  | {
      readonly op: 'between';
      readonly column: string;
      readonly default?:
        { readonly lastDays: number } | { readonly from?: string | undefined; readonly to?: string | undefined };
    }
  /** Text that contains the words, without regard to case. */
  | { readonly op: 'contains'; readonly column: string }
  /** A number that a condition of the report's own reads as `:value`. */
  | {
      readonly op: 'where';
      /** SQL over the view's columns, with `:value` for the bound number. */
      readonly sql: string;
      readonly type: LogicalType;
      readonly default: string;
      readonly min?: number;
      readonly max?: number;
      readonly unit?: string;
    };

/** What a row of the report stands on: per input dataset a select with `:column` for the columns of the grain. */
export interface EvidenceRule {
  readonly dataset: string;
  /** Gives at least `_batch_id` and `_position`; the other columns are shown beside. */
  readonly sql: string;
  /** Column of the report that must equal an aggregate of the evidence: `count(*)` or `count(distinct x)` or `sum(x)`. */
  readonly proves: readonly { readonly column: string; readonly sql: string }[];
}

export interface Target {
  readonly column: string;
  /** The value aimed at, as decimal text. */
  readonly value: string;
  /** From this share of the target on it is `near`; at 1 it is `met`. */
  readonly near: number;
}

export type ReportTest = { readonly name: string; readonly severity: 'hold' | 'warn' } & (
  | { readonly kind: 'grain' }
  | { readonly kind: 'not_null'; readonly column: string }
  | { readonly kind: 'accepted'; readonly column: string; readonly values: readonly string[] }
  | { readonly kind: 'range'; readonly column: string; readonly min?: string; readonly max?: string }
  /** A select that gives offending rows; `report` in it is the state about to be served. */
  | { readonly kind: 'sql'; readonly sql: string; readonly sqlFile: string }
);

/** One number over the filtered rows. */
export interface Tile {
  readonly name: string;
  readonly label: string;
  readonly aggregate: Aggregate;
  readonly format: ValueFormat;
  readonly unit?: string;
  readonly good: 'up' | 'down' | 'none';
  readonly target?: Target;
}

export interface Aggregate {
  readonly of: 'count' | 'sum' | 'min' | 'max' | 'avg' | 'median' | 'distinct';
  /** Absent for `count` (rows). */
  readonly column?: string;
}

/** A column that a chart makes of the rows of a group. */
export type Measure = Aggregate & { readonly label: string; readonly unit?: string; readonly format: ValueFormat };

export type ChartKind = 'bars' | 'columns' | 'grouped-columns' | 'stacked-columns' | 'lines' | 'bubbles';

/** A chart over the filtered rows; `x`, `y`, … name columns of the report or of its own `measures`. */
export interface Chart {
  readonly name: string;
  readonly title: string;
  /** One sentence: what is to be seen, with the unit. Also the description for screen readers. */
  readonly subtitle?: string;
  readonly kind: ChartKind | 'vega-lite';
  readonly x?: string;
  readonly y?: string;
  readonly color?: string;
  readonly size?: string;
  /** One small chart per value, one below the other, at most 6. */
  readonly facet?: string;
  /** Present: rows are grouped by `group` and summed up in the database before they are drawn. */
  readonly group?: readonly string[];
  readonly measures: Readonly<Record<string, Measure>>;
  /** `-answers`: descending. */
  readonly sort: readonly SortKey[];
  /** At most so many marks' rows; what is left out is said in the subtitle. At most 2,000. */
  readonly limit: number;
  /** `vega-lite` only: the specification, checked: data is `{ "name": "rows" }`, nothing that loads or evaluates. */
  readonly spec?: Readonly<Record<string, unknown>>;
  /** `vega-lite` only. */
  readonly specFile?: string;
}

export interface SortKey {
  readonly column: string;
  readonly descending: boolean;
}

export interface TableRule {
  readonly columns: readonly string[];
  readonly sort: readonly SortKey[];
  readonly pageRows: number;
}

export type LayoutRow =
  | { readonly kind: 'tiles'; readonly tiles: readonly string[] }
  | { readonly kind: 'charts'; readonly charts: readonly string[] }
  | { readonly kind: 'table' };
