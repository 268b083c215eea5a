import type { LogicalType, Value } from '@rollcall/catalog';

/** One column of a batch or of a row group: every row's value, by the catalog's table of types. */
export interface LakeColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly values: readonly Value[];
}

/** A row group: what is held in memory at a time when a batch is read. */
export interface RowGroup {
  readonly rowCount: number;
  readonly columns: readonly LakeColumn[];
}
