import type { LogicalType } from '@rollcall/catalog';
import { quoteSourceLiteral, type SourceType } from '@rollcall/source-postgres';
import type { ComparedColumn } from './compared-column.js';

/** A column of the key in one of the two databases. */
export interface KeySide {
  /** The value as text: the same text on both sides. */
  readonly text: string;
  /** What rows are ordered by: the same order on both sides. */
  readonly order: string;
  /** A text of `text` as a constant of the type of `order`. */
  readonly constant: (text: string) => string;
}

export interface KeyColumn {
  readonly name: string;
  readonly source: KeySide;
  readonly warehouse: KeySide;
}

/** Types that every Postgres orders alike, whatever its locale; a range of them is found by the index of the key. */
const ORDERED: ReadonlySet<LogicalType['name']> = new Set([
  'bool',
  'int2',
  'int4',
  'int8',
  'decimal',
  'numeric',
  'float4',
  'float8',
  'bytes',
  'date',
  'time',
  'timestamp',
  'timestamptz',
  'uuid',
]);

/** `warehouseType`: of the column in raw. Everything else is ordered by the bytes of its text in UTF-8. Pure. */
export function keyColumn(
  column: ComparedColumn,
  columns: { readonly source: string; readonly warehouse: string },
  logical: LogicalType,
  sourceType: SourceType,
  warehouseType: string,
): KeyColumn {
  const { shape } = sourceType;
  const isOrdered = ORDERED.has(logical.name) && shape.kind === 'builtin';
  // Of a domain, what it stands on: an index is found all the same.
  const sourceTypeName = shape.kind === 'builtin' ? `pg_catalog.${shape.name}` : '';
  const side = (text: string, own: string, type: string): KeySide => ({
    text: textOf(text),
    ...(isOrdered
      ? { order: own, constant: (value: string) => `${quoteSourceLiteral(value)}::${type}` }
      : { order: `convert_to(${textOf(text)}, 'UTF8')`, constant: bytesConstant }),
  });
  return {
    name: column.name,
    source: side(column.source, isOrdered ? `${columns.source}::${sourceTypeName}` : '', sourceTypeName),
    warehouse: side(column.warehouse, columns.warehouse, warehouseType),
  };
}

/** As the type's output function writes it; `::text` would cut the blanks of char(n). */
function textOf(expression: string): string {
  return `CASE WHEN ${expression} IS DISTINCT FROM NULL THEN concat(${expression}) END`;
}

function bytesConstant(text: string): string {
  return `'\\x${Buffer.from(text).toString('hex')}'::bytea`;
}
