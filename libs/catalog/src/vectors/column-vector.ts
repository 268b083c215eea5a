import type { LogicalType } from '../logical-type.js';

/**
 * A column in memory without an object per value: the present values as bytes one behind the other, as Parquet's PLAIN encoding has them,
 * and which rows have one. What is read from a database, written to the lake, read back and copied into the warehouse by the million is this.
 *
 * `body` by logical type, little-endian:
 * - bool: one byte, 0 or 1 (Parquet packs them into bits)
 * - int2, int4, date, decimal up to 9 digits (unscaled): int32
 * - float4: float32; float8: float64
 * - int8, time, timestamp, timestamptz, decimal up to 18 digits (unscaled): int64; the units are those of `Value`
 * - decimal beyond: 16 bytes, two's complement, most significant byte first (as Parquet wants decimals); uuid: its 16 bytes
 * - all others: int32 length, then that many bytes (UTF-8 of the canonical text; for bytes the bytes)
 */
export interface ColumnVector {
  readonly rowCount: number;
  /** 1 for a row that has a value, 0 for NULL. Absent: every row has one. */
  readonly present?: Uint8Array;
  /** Rows that have a value. */
  readonly presentCount: number;
  readonly body: Uint8Array;
}

/** Bytes of a value in `body`; `variable`: the length stands before each. */
export type VectorWidth = 1 | 4 | 8 | 16 | 'variable';

export function vectorWidth(type: LogicalType): VectorWidth {
  switch (type.name) {
    case 'bool':
      return 1;
    case 'int2':
    case 'int4':
    case 'date':
    case 'float4':
      return 4;
    case 'int8':
    case 'time':
    case 'timestamp':
    case 'timestamptz':
    case 'float8':
      return 8;
    case 'decimal':
      return type.precision <= 9 ? 4 : type.precision <= 18 ? 8 : 16;
    case 'uuid':
      return 16;
    default:
      return 'variable';
  }
}

/** A column of so many rows that are all NULL. */
export function nullVector(rowCount: number): ColumnVector {
  return { rowCount, present: new Uint8Array(rowCount), presentCount: 0, body: new Uint8Array() };
}
