/** What a run over a source needs of it. */
export interface Examination {
  readonly tables: readonly ExaminedTable[];
  readonly slot: string;
  readonly publication: string;
  /** Whether Rollcall makes slot and publication; else they must be there. */
  readonly create: boolean;
}

export interface ExaminedTable {
  /** As `describeTable` takes it. */
  readonly name: string;
  readonly mode: 'full' | 'watermark' | 'log';
  /** Of mode `watermark`. */
  readonly cursor?: string;
  /** In the catalog; empty: none. */
  readonly key: readonly string[];
  /** Columns that must be there, beyond cursor and key. */
  readonly columns?: readonly string[];
  /** Of mode `watermark`: late commits are judged elsewhere (`horizon_connection`), or not at all (`lag`). */
  readonly horizon?: boolean;
}

export type SourceRule =
  | 'table-missing'
  | 'column-missing'
  | 'schema-usage'
  | 'table-select'
  | 'row-security'
  | 'foreign-partition'
  | 'inherited'
  | 'key-not-unique'
  | 'key-differs'
  | 'cursor-not-set'
  | 'cursor-index'
  | 'server-version'
  | 'standby'
  | 'replication-role'
  | 'wal-level'
  | 'slots-exhausted'
  | 'senders-exhausted'
  | 'slot-missing'
  | 'slot-foreign'
  | 'not-in-log'
  | 'replica-identity'
  | 'key-not-in-identity'
  | 'generated-column'
  | 'publication-missing'
  | 'publication-tables'
  | 'publication-operations'
  | 'publication-root'
  | 'publication-filter';

/** Something that stands in the way, or will. */
export interface SourceFault {
  readonly rule: SourceRule;
  /** `stop`: reading as the catalog says loses rows, fails, or breaks something in the source. `warn`: it may surprise. */
  readonly severity: 'stop' | 'warn';
  /** The table as the examination names it; absent: it concerns the whole source. */
  readonly table?: string;
  /** One sentence that names the thing. */
  readonly message: string;
  /** What an administrator of the source runs: one SQL statement a line. Absent: it is mended in the catalog, as the sentence says. */
  readonly mend?: string;
}
