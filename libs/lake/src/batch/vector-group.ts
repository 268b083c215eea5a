import type { ColumnVector, LogicalType } from '@rollcall/catalog';

/** One column of a row group as bytes. */
export interface VectorColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly vector: ColumnVector;
}

/** A row group by columns, without an object per value. */
export interface VectorGroup {
  readonly rowCount: number;
  readonly columns: readonly VectorColumn[];
}
