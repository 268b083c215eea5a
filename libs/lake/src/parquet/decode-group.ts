import type { ColumnMetaData } from 'hyparquet';
import type { LogicalType } from '@rollcall/catalog';
import type { VectorColumn, VectorGroup } from '../batch/vector-group.js';
import type { FilePart } from './chunk-pages.js';
import { readVector } from './read-vector.js';

/** Chunks of one row group that are to be read, and the part of the file that holds them. */
export interface PackedGroup {
  readonly rowCount: number;
  readonly columns: readonly PackedColumn[];
  readonly part: FilePart;
}

export interface PackedColumn {
  readonly name: string;
  readonly type: LogicalType;
  readonly chunk: ColumnMetaData;
}

/** From page to vector. Throws when anything in it is not as it should be. */
export function decodeGroup({ rowCount, columns, part }: PackedGroup): VectorGroup {
  const read = columns.map(({ name, type, chunk }): VectorColumn => ({
    name,
    type,
    vector: readVector(part, chunk, type, rowCount),
  }));
  return { rowCount, columns: read };
}
