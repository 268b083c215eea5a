import type { VectorGroup } from '../batch/vector-group.js';
import type { EncodedChunk } from './encoded-chunk.js';
import { encodeVector } from './vector-chunk.js';

/** The chunks of a row group, in the order of its columns. Throws RangeError, with the column's name, for a vector that contradicts itself. */
export function encodeGroup({ rowCount, columns }: VectorGroup): readonly EncodedChunk[] {
  return columns.map((column) => encodeVector(column, rowCount));
}
