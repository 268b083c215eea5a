import type { LakeColumn } from '../batch/lake-column.js';
import { parquetElement } from './parquet-element.js';

export const MAX_GROUP_BYTES = 16 * 1024 * 1024;
export const MAX_GROUP_ROWS = 16_384;
/** Of a value of a fixed width, or of the length before one without. */
const MAX_FIXED_BYTES = 16;
/** Of one UTF-16 unit. */
const MAX_UTF8_BYTES = 3;

export interface RowSpan {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** Cuts rows into groups of at most 16 MB before compression and 16,384 rows. A row that is bigger than that is a group of its own. */
export function planGroups(columns: readonly LakeColumn[], rowCount: number): RowSpan[] {
  if (rowCount > 0 && rowCount <= MAX_GROUP_ROWS && surelyFits(columns, rowCount)) return [{ start: 0, end: rowCount }];
  return spansOf(rowSizes(columns, rowCount));
}

/** The same by the bytes of each row. */
export function spansOf(rowBytes: Float64Array): RowSpan[] {
  const rowCount = rowBytes.length;
  const spans: RowSpan[] = [];
  let start = 0;
  let bytes = 0;
  for (let row = 0; row < rowCount; row += 1) {
    const size = rowBytes[row] ?? 0;
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

/** Most batches are far below the bound: then the lengths of their texts tell, and none is measured in UTF-8. */
function surelyFits(columns: readonly LakeColumn[], rowCount: number): boolean {
  let bytes = columns.length * rowCount * MAX_FIXED_BYTES;
  for (const { values } of columns) {
    for (const value of values) {
      if (typeof value === 'string') bytes += MAX_UTF8_BYTES * value.length;
      else if (value instanceof Uint8Array) bytes += value.byteLength;
    }
    if (bytes > MAX_GROUP_BYTES) return false;
  }
  return true;
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
