import type { LakeColumn } from '../batch/lake-column.js';
import { parquetElement } from './parquet-element.js';

export const MAX_GROUP_BYTES = 16 * 1024 * 1024;
export const MAX_GROUP_ROWS = 16_384;

export interface RowSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Cuts rows into groups of at most 16 MB before compression and 16,384 rows. A row that is bigger than that is a group of its own. */
export function planGroups(columns: readonly LakeColumn[], rowCount: number): RowSpan[] {
  const sizes = rowSizes(columns, rowCount);
  const spans: RowSpan[] = [];
  let start = 0;
  let bytes = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const size = sizes[row] ?? 0;
    if (row > start && (bytes + size > MAX_GROUP_BYTES || row - start >= MAX_GROUP_ROWS)) {
      spans.push({ start, end: row });
      start = row;
      bytes = 0;
    }
    bytes += size;
  }
  if (rowCount > start) spans.push({ start, end: rowCount });
  return spans;
}

function rowSizes(columns: readonly LakeColumn[], rowCount: number): Float64Array {
  const sizes = new Float64Array(rowCount);
  for (const { type, values } of columns) {
    const { type: physical, type_length: fixed } = parquetElement(type);
    const width = fixed ?? (physical === 'BOOLEAN' ? 1 : physical === 'INT32' || physical === 'FLOAT' ? 4 : 8);
    for (let row = 0; row < rowCount; row += 1) {
      const value = values[row];
      if (value === null) continue;
      const size = physical === 'BYTE_ARRAY' ? 4 + byteLength(value) : width;
      sizes[row] = (sizes[row] ?? 0) + size;
    }
  }
  return sizes;
}

function byteLength(value: LakeColumn['values'][number] | undefined): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.byteLength : 0;
}
