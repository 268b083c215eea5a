/**
 * The one table of types: what a column means, independent of Parquet, DuckDB, Postgres, Redshift or JSON.
 * decimal: exact, precision <= 38. numeric: exact, any scale, also NaN and Infinity (text in the lake).
 * interval, other: text in the lake, native in Postgres. array: JSON text.
 */
export type LogicalType =
  | { readonly name: SimpleTypeName }
  | { readonly name: 'decimal'; readonly precision: number; readonly scale: number };

export type SimpleTypeName =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'numeric'
  | 'float4'
  | 'float8'
  | 'text'
  | 'bytes'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'array'
  | 'other';

/**
 * A value in memory, by logical type:
 * bool: boolean. int2, int4, float4, float8: number. int8: bigint.
 * decimal, numeric: canonical decimal text. text, interval, json, array, other: string. uuid: 36 lower-case characters. bytes: Uint8Array.
 * date: number, days since 1970-01-01. time: bigint, microseconds of the day. timestamp, timestamptz: bigint, microseconds since 1970-01-01 (UTC).
 * null is SQL NULL; it is never ''.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array;
