import type { LogicalType } from '@rollcall/catalog';

/** A column as Postgres describes it. */
export interface PostgresColumn {
  readonly name: string;
  /** `pg_type.typname`, such as `int8` or `_text`. */
  readonly type: string;
  /** `pg_attribute.atttypmod`, -1 where there is none. */
  readonly modifier: number;
}

const SAME: Readonly<Record<string, LogicalType>> = {
  bool: { name: 'bool' },
  int2: { name: 'int2' },
  int4: { name: 'int4' },
  int8: { name: 'int8' },
  float4: { name: 'float4' },
  float8: { name: 'float8' },
  text: { name: 'text' },
  varchar: { name: 'text' },
  bpchar: { name: 'text' },
  name: { name: 'text' },
  bytea: { name: 'bytes' },
  date: { name: 'date' },
  time: { name: 'time' },
  timestamp: { name: 'timestamp' },
  timestamptz: { name: 'timestamptz' },
  interval: { name: 'interval' },
  uuid: { name: 'uuid' },
  json: { name: 'json' },
  jsonb: { name: 'json' },
};

/** The logical type a column of any relation is exported as; what has no line of its own is text as Postgres writes it. */
export function logicalTypeOf(column: PostgresColumn): LogicalType {
  if (column.type === 'numeric') return numericType(column.modifier);
  if (column.type.startsWith('_')) return { name: 'array' };
  return SAME[column.type] ?? { name: 'other' };
}

/** A numeric's modifier is precision and scale in one number, plus 4; scale has 11 bits and a sign. */
function numericType(modifier: number): LogicalType {
  if (modifier < 4) return { name: 'numeric' };
  const precision = ((modifier - 4) >> 16) & 0xffff;
  const scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const fits = precision <= 38 && scale >= 0 && scale <= precision;
  return fits ? { name: 'decimal', precision, scale } : { name: 'numeric' };
}

/** What to select so that the answer is text that `parseValue` reads back, exact to the microsecond and the last digit. */
export function selectText(column: PostgresColumn, quotedName: string): string {
  return column.type.startsWith('_') ? `to_json(${quotedName})::text` : `${quotedName}::text`;
}
