/** A table as the source describes it. */
export interface SourceTable {
  readonly schema: string;
  readonly name: string;
  readonly oid: number;
  readonly kind: 'table' | 'partitioned' | 'view' | 'materialized-view' | 'foreign';
  /** In the order of the table, without dropped ones. */
  readonly columns: readonly SourceColumn[];
  /** Column names in the order of the key; empty: there is none. */
  readonly primaryKey: readonly string[];
  readonly replicaIdentity: 'default' | 'nothing' | 'full' | 'index';
  /** Columns that the log gives of the row before an update of the key, or of a deleted row. Empty: it gives none. */
  readonly identityColumns: readonly string[];
  /** As the planner believes: for progress alone. -1: never analysed. */
  readonly estimatedRows: number;
  /** Blocks of its heap (0 for what has none of its own). Partitions count with their parent. */
  readonly blocks: number;
  /** Leaf tables that hold the rows: itself, or all partitions. Each as a quoted, qualified name (`ONLY …` where others inherit from it) with its blocks. */
  readonly leaves: readonly { readonly sql: string; readonly oid: number; readonly blocks: number }[];
  /** Partitions that are foreign tables, quoted and qualified: in no leaf and in no log. Absent: none. */
  readonly foreignPartitions?: readonly string[];
}

export interface SourceColumn {
  readonly name: string;
  /** pg_attribute.attnum. */
  readonly number: number;
  readonly type: SourceType;
  readonly notNull: boolean;
  /** GENERATED ALWAYS AS … STORED: pgoutput leaves it out before PostgreSQL 18. */
  readonly generated: boolean;
  /** Its DEFAULT expression, as text. */
  readonly defaultText: string | null;
}

/** A type with all that is needed to read its values: domains are resolved to what they stand on. */
export interface SourceType {
  readonly oid: number;
  readonly modifier: number;
  /** As format_type says it: `numeric(12,2)`, `public.mood`. */
  readonly text: string;
  readonly shape: TypeShape;
}

export type TypeShape =
  /** `name`: pg_type.typname of a built-in type (`int8`, `timestamptz`, `bpchar`, `numeric`). */
  | { readonly kind: 'builtin'; readonly name: string; readonly modifier: number }
  | { readonly kind: 'enum' }
  | { readonly kind: 'array'; readonly element: SourceType; readonly delimiter: string }
  | { readonly kind: 'range' | 'multirange'; readonly element: SourceType }
  | { readonly kind: 'composite'; readonly fields: readonly { readonly name: string; readonly type: SourceType }[] }
  /** What Rollcall knows nothing of: taken as its text. */
  | { readonly kind: 'unknown' };
