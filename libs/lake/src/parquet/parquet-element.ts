import type { SchemaElement } from 'hyparquet';
import type { LogicalType } from '@rollcall/catalog';

/** A column of the file: the Parquet side of a logical type, without its name. */
export type ParquetElement = Omit<SchemaElement, 'name' | 'repetition_type'> & {
  readonly type: NonNullable<SchemaElement['type']>;
};

const UTF8: ParquetElement = { type: 'BYTE_ARRAY', converted_type: 'UTF8', logical_type: { type: 'STRING' } };

/**
 * The one mapping of logical types to Parquet. Every column is optional (nullable). What has no Parquet type of its own is UTF-8 text;
 * the logical type's name stands in the file's metadata, so that nothing is guessed when reading back.
 */
export function parquetElement(type: LogicalType): ParquetElement {
  switch (type.name) {
    case 'bool':
      return { type: 'BOOLEAN' };
    case 'int2':
      return { type: 'INT32', converted_type: 'INT_16' };
    case 'int4':
      return { type: 'INT32' };
    case 'int8':
      return { type: 'INT64' };
    case 'float4':
      return { type: 'FLOAT' };
    case 'float8':
      return { type: 'DOUBLE' };
    case 'bytes':
      return { type: 'BYTE_ARRAY' };
    case 'date':
      return { type: 'INT32', converted_type: 'DATE', logical_type: { type: 'DATE' } };
    case 'time':
      return {
        type: 'INT64',
        converted_type: 'TIME_MICROS',
        logical_type: { type: 'TIME', isAdjustedToUTC: false, unit: 'MICROS' },
      };
    case 'timestamp':
      // No converted type: TIMESTAMP_MICROS means UTC to old readers.
      return { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } };
    case 'timestamptz':
      return {
        type: 'INT64',
        converted_type: 'TIMESTAMP_MICROS',
        logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MICROS' },
      };
    case 'uuid':
      return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } };
    case 'decimal':
      return decimalElement(type.precision, type.scale);
    case 'text':
    case 'json':
    case 'array':
    case 'numeric':
    case 'interval':
    case 'other':
      return UTF8;
  }
}

function decimalElement(precision: number, scale: number): ParquetElement {
  const annotation = {
    converted_type: 'DECIMAL',
    logical_type: { type: 'DECIMAL', precision, scale },
    precision,
    scale,
  } as const;
  if (precision <= 9) return { type: 'INT32', ...annotation };
  if (precision <= 18) return { type: 'INT64', ...annotation };
  return { type: 'FIXED_LEN_BYTE_ARRAY', type_length: decimalBytes(precision), ...annotation };
}

/** Bytes of two's complement that hold every number of `precision` digits. */
export function decimalBytes(precision: number): number {
  let bytes = 1;
  while (2n ** BigInt(8 * bytes - 1) < 10n ** BigInt(precision)) bytes += 1;
  return bytes;
}
