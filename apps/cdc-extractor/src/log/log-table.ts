import { type LogicalType, type Value } from '@rollcall/catalog';
import { NULL_FIELD, type FieldDecoder, type TupleView } from '@rollcall/source-postgres';

/** One column of a captured table, as the log brings it into the lake. */
export interface LogTableColumn {
  /** In the lake. */
  readonly name: string;
  readonly type: LogicalType;
  /** Its place in the tuples of the relation. */
  readonly field: number;
  /** Decodes the text of the log, the PII policy applied. May append NULL (policy `drop`). */
  readonly decode: FieldDecoder;
}

/** How the rows of one relation of the log become rows of one dataset. */
export interface LogTable {
  readonly dataset: string;
  readonly columns: readonly LogTableColumn[];
  /** Places in `columns` of the dataset's key, in its order; empty: rows are told apart by `_position`. */
  readonly key: readonly number[];
  /** Where the catalog wants the key as a hash: `_key` of the key columns' values, in the order of `key`. */
  readonly hashKey?: (values: readonly Value[]) => string;
}

/** How a row gives the field; one that is not there is NULL. */
export function fieldKind(row: TupleView, field: number): number {
  return field < row.count ? (row.kinds[field] ?? NULL_FIELD) : NULL_FIELD;
}
