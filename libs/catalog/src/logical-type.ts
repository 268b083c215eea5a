/**
 * The one table of types: what a column means, independent of Parquet, DuckDB, Postgres, Redshift or JSON.
 * decimal: exact, precision <= 38. numeric: exact, any scale, also NaN and Infinity (text in the lake).
 * interval, other: text in the lake, native in Postgres. array: JSON text.
 */
export type LogicalType =
  { readonly name: SimpleTypeName } | { readonly name: 'decimal'; readonly precision: number; readonly scale: number };

export const SIMPLE_TYPE_NAMES = [
  'bool',
  'int2',
  'int4',
  'int8',
  'numeric',
  'float4',
  'float8',
  'text',
  'bytes',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'interval',
  'uuid',
  'json',
  'array',
  'other',
] as const;

export type SimpleTypeName = (typeof SIMPLE_TYPE_NAMES)[number];

/**
 * A value in memory, by logical type:
 * bool: boolean. int2, int4, float4, float8: number. int8: bigint.
 * decimal, numeric: canonical decimal text. text, interval, json, array, other: string. uuid: 36 lower-case characters. bytes: Uint8Array.
 * date: number, days since 1970-01-01. time: bigint, microseconds of the day. timestamp, timestamptz: bigint, microseconds since 1970-01-01 (UTC).
 * `infinity` and `-infinity` are the extremes below, as in Postgres' own binary form.
 * null is SQL NULL; it is never ''.
 */
export type Value = null | boolean | number | bigint | string | Uint8Array;

/** `infinity` of timestamp and timestamptz: the greatest int64. */
export const TIMESTAMP_INFINITY = 9_223_372_036_854_775_807n;
/** `-infinity` of timestamp and timestamptz: the smallest int64. */
export const TIMESTAMP_MINUS_INFINITY = -9_223_372_036_854_775_808n;
/** `infinity` of date: the greatest int32. */
export const DATE_INFINITY = 2_147_483_647;
/** `-infinity` of date: the smallest int32. */
export const DATE_MINUS_INFINITY = -2_147_483_648;

const DECIMAL = /^decimal\(\s*(\d{1,2})\s*(?:,\s*(\d{1,2})\s*)?\)$/;

/** Reads `text`, `decimal(10,2)`, …; undefined when it is none. `decimal(10)` has scale 0. */
export function parseLogicalType(text: string): LogicalType | undefined {
  const simple = SIMPLE_TYPE_NAMES.find((name) => name === text);
  if (simple) return { name: simple };
  const decimal = DECIMAL.exec(text);
  if (!decimal) return undefined;
  const precision = Number(decimal[1]);
  const scale = Number(decimal[2] ?? 0);
  return precision >= 1 && precision <= 38 && scale <= precision ? { name: 'decimal', precision, scale } : undefined;
}

/** The text that `parseLogicalType` reads. */
export function formatLogicalType(type: LogicalType): string {
  return type.name === 'decimal' ? `decimal(${type.precision},${type.scale})` : type.name;
}
