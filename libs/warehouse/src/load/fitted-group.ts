import type { Column, Dataset, LogicalType, Value } from '@rollcall/catalog';
import type { Dialect } from '../dialect/dialect.js';

/** Why a row of the lake does not get into raw. Metric labels: a closed set. */
export type RefusalReason =
  | 'type-mismatch'
  | 'unknown-field'
  | 'key-missing'
  | 'key-too-long'
  | 'bad-rest'
  | 'bad-scope'
  | 'base-missing'
  | 'warehouse-refused';

export interface Refusal {
  readonly position: string;
  readonly reason: RefusalReason;
  readonly column: string | null;
  /** Of a log: the key it stands under, see `keyTextOf`. */
  readonly rowKey: string | null;
}

/** A `t`: the leading key values of its scope, as text that the server reads. */
export interface Clear {
  readonly position: string;
  readonly scope: readonly string[];
  readonly at: bigint | null;
  readonly observed: boolean;
}

/** A row group as it will be staged. Arrays run over all rows of the group; `rows` says which of them are staged. */
export interface FittedGroup {
  readonly rows: readonly number[];
  readonly deleted: (row: number) => boolean;
  readonly positions: readonly string[];
  readonly keys: readonly Value[];
  readonly rests: readonly Value[];
  /** JSON object text of unknown fields that have (or get) a column. */
  readonly extras: readonly (string | null)[];
  /** Of a log: columns that have the value the row had before (JSON array of names), and where it stood then (JSON array of texts). */
  readonly unchanged: readonly Value[];
  readonly previous: readonly Value[];
  readonly times: readonly Value[];
  readonly observed: boolean;
  /** One array per column of the dataset, in its order. */
  readonly columns: readonly (readonly Value[])[];
  readonly refusals: readonly Refusal[];
  readonly clears: readonly Clear[];
}

export interface FitContext {
  readonly dataset: Dataset;
  readonly dialect: Dialect;
  /** Unknown fields that may become columns; new ones are added here, up to `cap`. */
  readonly evolved: { readonly names: Set<string>; readonly cap: number };
  /** Times of versions: the rows' own, else this. Only for history. */
  readonly observedAt: (position: string) => bigint | null;
  /** Rows at other positions are passed over. Absent: all rows. */
  readonly only?: ReadonlySet<string>;
}

/** A column of the contract with the values that a group has for it. */
export interface Work {
  readonly column: Column;
  readonly type: LogicalType;
  values: readonly Value[];
  /** Whether `values` is a copy that may be written. */
  own: boolean;
  readonly fits: (value: Value) => boolean;
  /** Rows whose value needs a decision; absent when every one fits as it is. */
  readonly misfits: ReadonlySet<number> | undefined;
}

export type RowRefusal = Omit<Refusal, 'position' | 'rowKey'>;
