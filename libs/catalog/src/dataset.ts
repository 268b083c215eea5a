import type { LogicalType } from './logical-type.js';

export type SourceKind = 'postgres' | 'zoom' | 'http' | 'logs';

/** One YAML file of the catalog. */
export interface Source {
  readonly source: string;
  readonly kind: SourceKind;
  /** Name of an environment variable (or NAME_FILE) that holds the connection, never a value. */
  readonly connection?: string;
  readonly schedule?: { readonly everySeconds: number; readonly zone: string };
  /** What log capture of a database needs there. Present for every source of kind postgres. */
  readonly log?: LogNames;
  readonly datasets: readonly Dataset[];
  /** The file it was read from, as faults name it. */
  readonly file: string;
}

export interface LogNames {
  readonly slot: string;
  readonly publication: string;
  /** Whether Rollcall makes them; else it says the SQL for whoever may. */
  readonly create: boolean;
}

/** A data contract: what a dataset is, wherever it stands. Its name is the relation in raw, history, analytics and the prefix in the lake. */
export interface Dataset {
  readonly name: string;
  readonly source: string;
  readonly kind: SourceKind;
  readonly description?: string;
  /** Where in the source: a table, a prefix of dropped files; absent: the name. */
  readonly from?: string;
  readonly capture: Capture;
  /** Column names. Empty: no key (`_position` for the log of a database, a hash of all columns otherwise). */
  readonly key: readonly string[];
  /** `columns`: the key's values. `hash`: sha256 over the key columns in the order given, or over all where there is no key, stands in `_key`. */
  readonly keyForm: 'columns' | 'hash';
  readonly history: 'none' | 'scd2';
  readonly zone: string;
  readonly contract: ContractModes;
  readonly flush: { readonly seconds: number; readonly rows: number; readonly bytes: number };
  readonly columns: readonly Column[];
  readonly derive: readonly SessionsRule[];
  readonly tests: readonly DataTest[];
  /** Share (0..1) of a dataset that one `t` may delete without an operator. */
  readonly maxDelete: number;
  /** How dropped files of this dataset are read; absent where nothing is dropped. */
  readonly drop?: DropRule;
  /** First 12 hex of sha256 over the canonical entry. */
  readonly version: string;
}

export type Capture =
  { readonly mode: 'full' } | WatermarkCapture | { readonly mode: 'log' } | { readonly mode: 'events' };

export interface WatermarkCapture {
  readonly mode: 'watermark';
  readonly cursor: string;
  /** Explicit best effort instead of safe samples: rows younger than this may still be uncommitted. */
  readonly lagSeconds?: number;
  /** Name of the environment variable with the primary, where the source is a standby. */
  readonly horizonConnection?: string;
  /** Absent: 1,000,000. */
  readonly maxRereadRows?: number;
  /** How often the whole table is read again, which finds deleted rows. Absent: never by itself. */
  readonly sweepSeconds?: number;
}

/** What the loader does with data that does not fit. The lake always takes what the source sent. */
export interface ContractModes {
  /** `evolve`: a dataset seen first gets its table. `freeze`: stop. */
  readonly tables: 'evolve' | 'freeze';
  /** Unknown fields. `evolve`: a text column is added. `keep`: they stay in `_rest`. `quarantine`: the row waits. `freeze`: stop. */
  readonly columns: 'evolve' | 'keep' | 'quarantine' | 'freeze';
  /** Values that do not fit their column. `quarantine`: the row waits. `keep`: NULL in the column, the text in `_rest`. `freeze`: stop. */
  readonly types: 'quarantine' | 'keep' | 'freeze';
}

/** trim, lower, policy are applied in this order. A dropped column stays, always NULL, so that every batch has the contract's columns. */
export interface Column {
  readonly name: string;
  /** A column of a database that the file gives no type is `other`: the source says what it is. */
  readonly type: LogicalType;
  /** Field names of the source that carry it, first match wins; the column's own name is always among them. */
  readonly from: readonly string[];
  readonly trim: boolean;
  readonly lower: boolean;
  readonly pii: 'keep' | 'hash' | 'pbkdf2' | 'mask' | 'drop';
  /** What an absent (or empty, in CSV) field means. */
  readonly absent?:
    | { readonly kind: 'value'; readonly value: string }
    /** true when the text of another column matches, else false. */
    | { readonly kind: 'matches'; readonly column: string; readonly pattern: string };
  readonly description?: string;
}

/** Sessions of rows: recomputed in the load transaction for the touched values of `by`. */
export interface SessionsRule {
  readonly kind: 'sessions';
  /** The table in `analytics`. Several rules may share one; `mode` tells their rows apart. */
  readonly into: string;
  /** The column of `analytics.<dataset>` that shows the session's id. */
  readonly column: string;
  readonly by: string;
  readonly at: string;
  /** Distinct counts kept for every session: output column -> dataset column. */
  readonly distinct: Readonly<Record<string, string>>;
  /** Name of the row count column. */
  readonly count: string;
  readonly mode:
    | { readonly name: 'gap'; readonly seconds: number }
    | { readonly name: 'half_day'; readonly morningUntilHour: number };
}

export type DataTest =
  | { readonly kind: 'unique'; readonly columns: readonly string[] }
  | { readonly kind: 'not_null'; readonly columns: readonly string[] }
  | { readonly kind: 'freshness'; readonly seconds: number }
  | { readonly kind: 'volume'; readonly dropShare: number };

export interface DropRule {
  /** Prefix below LAKE_URL's sibling drop area (DROPS_URL) that holds this dataset's files. */
  readonly prefix: string;
  readonly format: 'auto' | 'csv' | 'ndjson';
  readonly delimiter: 'auto' | ',' | ';' | '\t' | '|';
  /** The column names, where files carry no header line. */
  readonly header?: readonly string[];
}

/** The whole catalog. Dataset names are unique over all sources. */
export interface Catalog {
  readonly sources: readonly Source[];
  readonly datasets: ReadonlyMap<string, Dataset>;
}
