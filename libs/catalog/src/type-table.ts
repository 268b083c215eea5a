import type { LogicalType } from './logical-type.js';

export type ParquetPhysical =
  'BOOLEAN' | 'INT32' | 'INT64' | 'FLOAT' | 'DOUBLE' | 'BYTE_ARRAY' | 'FIXED_LEN_BYTE_ARRAY';

/** The annotation of a Parquet column, in the words of the format. */
export type ParquetLogical =
  | { readonly type: 'STRING' | 'JSON' | 'UUID' | 'DATE' }
  | { readonly type: 'INTEGER'; readonly bitWidth: number; readonly isSigned: true }
  | { readonly type: 'DECIMAL'; readonly precision: number; readonly scale: number }
  | { readonly type: 'TIME' | 'TIMESTAMP'; readonly isAdjustedToUTC: boolean; readonly unit: 'MICROS' };

export interface ParquetColumn {
  readonly physical: ParquetPhysical;
  /** Bytes of FIXED_LEN_BYTE_ARRAY. */
  readonly length?: number;
  readonly logical?: ParquetLogical;
}

/** One line of the table. `(p,s)` stands for a decimal's precision and scale. */
export interface TypeRow {
  readonly logical: string;
  readonly meaning: string;
  readonly parquet: ParquetColumn;
  readonly duckdb: string;
  readonly postgres: string;
  readonly redshift: string;
  readonly json: string;
}

const STRING: ParquetColumn = { physical: 'BYTE_ARRAY', logical: { type: 'STRING' } };
const JSON_TEXT: ParquetColumn = { physical: 'BYTE_ARRAY', logical: { type: 'JSON' } };
const DECIMAL_ROW: TypeRow = {
  logical: 'decimal(p,s)',
  meaning: 'exact, 1 <= p <= 38, 0 <= s <= p',
  // Up to 9 digits fit an INT32, up to 18 an INT64: see `parquetColumn`.
  parquet: { physical: 'FIXED_LEN_BYTE_ARRAY', length: 16, logical: { type: 'DECIMAL', precision: 38, scale: 0 } },
  duckdb: 'DECIMAL(p,s)',
  postgres: 'numeric(p,s)',
  redshift: 'DECIMAL(p,s)',
  json: 'string',
};

/** Logical type -> Parquet -> DuckDB -> Postgres -> Redshift -> JSON. docs/types.md prints it; a test keeps both equal. */
export const TYPE_TABLE: readonly TypeRow[] = [
  row('bool', 'true or false', { physical: 'BOOLEAN' }, 'BOOLEAN', 'boolean', 'BOOLEAN', 'boolean'),
  row('int2', '-32768 to 32767', int(16), 'SMALLINT', 'smallint', 'SMALLINT', 'number'),
  row('int4', '-2147483648 to 2147483647', int(32), 'INTEGER', 'integer', 'INTEGER', 'number'),
  row('int8', '64 bits', int(64), 'BIGINT', 'bigint', 'BIGINT', 'string'),
  DECIMAL_ROW,
  row('numeric', 'exact, any scale; NaN, Infinity', STRING, 'VARCHAR', 'numeric', 'VARCHAR(65535)', 'string'),
  row('float4', '32 bits, IEEE 754', { physical: 'FLOAT' }, 'FLOAT', 'real', 'REAL', 'number'),
  row(
    'float8',
    '64 bits, IEEE 754',
    { physical: 'DOUBLE' },
    'DOUBLE',
    'double precision',
    'DOUBLE PRECISION',
    'number',
  ),
  row('text', 'Unicode without NUL', STRING, 'VARCHAR', 'text', 'VARCHAR(65535)', 'string'),
  row('bytes', 'any bytes', { physical: 'BYTE_ARRAY' }, 'BLOB', 'bytea', 'VARBYTE(16777216)', 'string, base64'),
  row(
    'date',
    'a day, no zone',
    { physical: 'INT32', logical: { type: 'DATE' } },
    'DATE',
    'date',
    'DATE',
    'string, YYYY-MM-DD',
  ),
  row('time', 'a time of day, microseconds', micros('TIME', false), 'TIME', 'time', 'TIME', 'string, HH:MM:SS.ffffff'),
  row(
    'timestamp',
    'a local time, microseconds',
    micros('TIMESTAMP', false),
    'TIMESTAMP',
    'timestamp',
    'TIMESTAMP',
    'string, ISO 8601',
  ),
  row(
    'timestamptz',
    'an instant, microseconds',
    micros('TIMESTAMP', true),
    'TIMESTAMP WITH TIME ZONE',
    'timestamptz',
    'TIMESTAMPTZ',
    'string, ISO 8601 with Z',
  ),
  row('interval', 'a span of time', STRING, 'VARCHAR', 'interval', 'VARCHAR(256)', 'string'),
  row(
    'uuid',
    '128 bits',
    { physical: 'FIXED_LEN_BYTE_ARRAY', length: 16, logical: { type: 'UUID' } },
    'UUID',
    'uuid',
    'CHAR(36)',
    'string',
  ),
  row('json', 'any JSON', JSON_TEXT, 'JSON', 'jsonb', 'SUPER', 'string, JSON text'),
  row('array', 'a JSON array; also ranges and composites', JSON_TEXT, 'JSON', 'jsonb', 'SUPER', 'string, JSON text'),
  row('other', 'whatever else a source has, as its text', STRING, 'VARCHAR', 'text', 'VARCHAR(65535)', 'string'),
];

const BY_NAME: ReadonlyMap<string, TypeRow> = new Map(TYPE_TABLE.map((line) => [line.logical, line]));

/** How a column of this type stands in Parquet. */
export function parquetColumn(type: LogicalType): ParquetColumn {
  if (type.name !== 'decimal') return rowOf(type).parquet;
  const logical: ParquetLogical = { type: 'DECIMAL', precision: type.precision, scale: type.scale };
  if (type.precision <= 9) return { physical: 'INT32', logical };
  if (type.precision <= 18) return { physical: 'INT64', logical };
  return { ...DECIMAL_ROW.parquet, logical };
}

/** The type's name in DuckDB. */
export function duckdbType(type: LogicalType): string {
  return filled(type, rowOf(type).duckdb);
}

/** The type's name in Postgres. */
export function postgresType(type: LogicalType): string {
  return filled(type, rowOf(type).postgres);
}

/** The type's name in Redshift. */
export function redshiftType(type: LogicalType): string {
  return filled(type, rowOf(type).redshift);
}

function rowOf(type: LogicalType): TypeRow {
  const found = type.name === 'decimal' ? DECIMAL_ROW : BY_NAME.get(type.name);
  if (!found) throw new RangeError(`type table: no line for ${type.name}`);
  return found;
}

function filled(type: LogicalType, name: string): string {
  return type.name === 'decimal' ? name.replace('(p,s)', `(${type.precision},${type.scale})`) : name;
}

function row(
  logical: string,
  meaning: string,
  parquet: ParquetColumn,
  duckdb: string,
  postgres: string,
  redshift: string,
  json: string,
): TypeRow {
  return { logical, meaning, parquet, duckdb, postgres, redshift, json };
}

function int(bitWidth: 16 | 32 | 64): ParquetColumn {
  return { physical: bitWidth === 64 ? 'INT64' : 'INT32', logical: { type: 'INTEGER', bitWidth, isSigned: true } };
}

function micros(type: 'TIME' | 'TIMESTAMP', isAdjustedToUTC: boolean): ParquetColumn {
  return { physical: 'INT64', logical: { type, isAdjustedToUTC, unit: 'MICROS' } };
}
