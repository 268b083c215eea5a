import { vectorValues, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import type { ObjectStore } from '../store/object-store.js';
import type { LakeColumn } from './lake-column.js';
import { writeBatch, type NewBatch } from './write-batch.js';

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

/** A batch whose rows come as vectors. All groups have the same columns, in the same order; each becomes one row group of the file. */
export interface NewVectorBatch extends Omit<NewBatch, 'columns'> {
  readonly groups: readonly VectorGroup[];
}

/** The same as `writeBatch`, for rows that come as vectors. */
export async function writeVectorBatch(
  store: ObjectStore,
  { groups, ...batch }: NewVectorBatch,
): Promise<BatchWritten> {
  const columns = (groups[0]?.columns ?? []).map(({ name, type }, at): LakeColumn => ({
    name,
    type,
    values: groups.flatMap((group) => (group.columns[at] ? vectorValues(type, group.columns[at].vector) : [])),
  }));
  return writeBatch(store, { ...batch, columns });
}
