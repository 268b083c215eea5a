import { postgresType, type LogicalType } from '@rollcall/catalog';
import { qualified, quoteIdentifier } from '@rollcall/warehouse';
import { REPORT_SCHEMA } from '../format/report-references.js';
import type { Report, ReportColumn, SortKey } from '../report.js';
import type { Statement } from './rows-query.js';

/** Collects bound values while a statement is written. */
export class Binds {
  readonly #values: unknown[] = [];

  /** The place of a value in the text, with its type: the server never guesses one. */
  put(value: string | number | boolean | null, type: LogicalType): string {
    this.#values.push(value);
    return `$${this.#values.length}::${bindType(type)}`;
  }

  statement(text: string): Statement {
    return { text, values: [...this.#values] };
  }
}

/** A bound of a decimal may have more digits than the column. */
function bindType(type: LogicalType): string {
  return type.name === 'decimal' ? 'numeric' : postgresType(type);
}

/** What every statement reads: the view, whether it is materialised or not. */
export function relationOf(report: Report): string {
  return qualified(REPORT_SCHEMA, report.name);
}

/**
 * A value as an answer carries it: int8, decimal and numeric as text, days and instants as ISO text in UTC with microseconds, the infinities
 * of floats as text, everything else as JSON has it.
 */
export function cellSql(type: LogicalType, sql: string): string {
  switch (type.name) {
    case 'int8':
    case 'decimal':
    case 'numeric':
    case 'date':
      return `(${sql})::text`;
    case 'timestamptz':
      // What a calendar does not have (infinity, years before 1) stays as the server writes it.
      return `CASE WHEN (${sql}) >= '0001-01-01Z'::timestamptz AND isfinite(${sql}) THEN to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') ELSE (${sql})::text END`;
    case 'float8':
      // JSON has no NaN: the server makes a text of it.
      return `to_jsonb(${sql})`;
    default:
      return `(${sql})`;
  }
}

/** A column in an order or comparison: texts by their bytes, so that no collation of a server moves the rows of a page. */
export function orderedSql({ name, type }: Pick<ReportColumn, 'name' | 'type'>, from = ''): string {
  const column = `${from}${quoteIdentifier(name)}`;
  return type.name === 'text' ? `${column} COLLATE "C"` : column;
}

/**
 * What is empty comes last in both directions. `from`: the relation's alias with a dot, needed where the columns put out have the same names,
 * since an order goes by those first.
 */
export function orderBySql(
  keys: readonly SortKey[],
  columns: readonly Pick<ReportColumn, 'name' | 'type'>[],
  from = '',
): string {
  const parts = keys.flatMap(({ column, descending }) => {
    const found = columns.find(({ name }) => name === column);
    return found ? [`${orderedSql(found, from)}${descending ? ' DESC' : ''} NULLS LAST`] : [];
  });
  return parts.length === 0 ? '' : ` ORDER BY ${parts.join(', ')}`;
}

export function columnOf(report: Report, name: string): ReportColumn {
  const column = report.columns.find((one) => one.name === name);
  if (!column) throw new Error(`report ${report.name} was checked and has no column ${name}`);
  return column;
}
