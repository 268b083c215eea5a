import type { Fault, Path } from '@rollcall/catalog';
import type { Report } from '../report.js';

/** One folder as it was read. */
export interface ReportFiles {
  /** The folder's name. */
  readonly name: string;
  /** The folder as faults name it, such as `reports/answers_per_session`. */
  readonly dir: string;
  /** Path inside the folder, with `/` -> text. */
  readonly files: ReadonlyMap<string, string>;
}

/** A folder, parsed. */
export interface ParsedReport extends ReportFiles {
  /** `view.sql`; empty where there is none. */
  readonly sql: string;
  /** Only when there is no fault. */
  readonly report?: Report;
  /** Every fault, in the order of the files. */
  readonly faults: readonly Fault[];
  /** Reports that `view.sql` reads, known also of a faulty folder. */
  readonly reads: readonly ReportReference[];
  /** Where a part of `report.yaml` stands: for faults that only the other reports or the warehouse show. */
  readonly faultAt: FaultAt;
}

/** A fault at a part of `report.yaml`: at its value, its key, or so many UTF-16 units into its text. */
export type FaultAt = (path: Path, rule: string, message: string, at?: 'key' | number) => Fault;

/** `report.<name>` in a view, at its place. */
export interface ReportReference {
  readonly name: string;
  /** Of the name of the schema and of what is behind the name, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** All folders together. */
export interface ReportSet {
  /** The good ones, in dependency order: a report comes after those it reads. */
  readonly reports: readonly Report[];
  /** By folder; folders without a fault are not in it. */
  readonly faults: ReadonlyMap<string, readonly Fault[]>;
  /** Reports that the view of this one reads itself. */
  readonly reportsUnder: (name: string) => readonly string[];
  /** Where a part of a report's `report.yaml` stands. */
  readonly faultAt: (report: string, ...at: Parameters<FaultAt>) => Fault;
}
