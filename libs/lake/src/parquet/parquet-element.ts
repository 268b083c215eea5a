import type { SchemaElement } from 'hyparquet';
import { parquetColumn, type LogicalType, type ParquetColumn, type ParquetLogical } from '@rollcall/catalog';

/** A column of the file, without its name. */
export type ParquetElement = Omit<SchemaElement, 'name' | 'repetition_type'> & {
  readonly type: ParquetColumn['physical'];
};

type Annotation = Pick<SchemaElement, 'converted_type' | 'logical_type' | 'precision' | 'scale'>;

/** The catalog's line for a type, as the Parquet library wants it: with the older annotations beside the newer, for old readers. */
export function parquetElement(type: LogicalType): ParquetElement {
  const { physical, length, logical } = parquetColumn(type);
  return { type: physical, ...(length !== undefined && { type_length: length }), ...(logical && annotation(logical)) };
}

/** Whether the column holds text: UTF-8, decoded to strings. */
export function isText(type: LogicalType): boolean {
  const { logical } = parquetColumn(type);
  return logical?.type === 'STRING' || logical?.type === 'JSON';
}

function annotation(logical: ParquetLogical): Annotation {
  switch (logical.type) {
    case 'STRING':
      return { converted_type: 'UTF8', logical_type: logical };
    case 'DATE':
      return { converted_type: 'DATE', logical_type: logical };
    case 'JSON':
      return { converted_type: 'JSON', logical_type: logical };
    case 'UUID':
      return { logical_type: logical };
    case 'INTEGER':
      return { converted_type: logical.bitWidth === 16 ? 'INT_16' : logical.bitWidth === 32 ? 'INT_32' : 'INT_64' };
    case 'DECIMAL':
      return {
        converted_type: 'DECIMAL',
        logical_type: logical,
        precision: logical.precision,
        scale: logical.scale,
      };
    case 'TIME':
      return { converted_type: 'TIME_MICROS', logical_type: { ...logical, type: 'TIME' } };
    case 'TIMESTAMP':
      // TIMESTAMP_MICROS means UTC to old readers, so a local time goes without.
      return {
        ...(logical.isAdjustedToUTC && { converted_type: 'TIMESTAMP_MICROS' }),
        logical_type: { ...logical, type: 'TIMESTAMP' },
      };
  }
}
