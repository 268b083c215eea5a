import { withParameters } from '../format/sql-tokens.js';
import { isDay } from '../format/value-text.js';
import type { Report, ReportColumn, ReportFilter } from '../report.js';
import type { FilterValues, FilterValue } from './rows-query.js';
import { columnOf, relationOf, type Binds } from './sql-builder.js';
import { quoteIdentifier } from '@rollcall/warehouse';

/** The conditions of the filters, `true` where there are none; every value is bound. */
export function whereSql(report: Report, filters: FilterValues, binds: Binds, relation = relationOf(report)): string {
  const conditions = report.filters.flatMap((filter) => {
    const value = filters.get(filter.name);
    return value ? conditionSql({ report, filter, binds, relation }, value) : [];
  });
  return conditions.length === 0 ? 'true' : conditions.join(' AND ');
}

interface Place {
  readonly report: Report;
  readonly filter: ReportFilter;
  readonly binds: Binds;
  readonly relation: string;
}

function conditionSql(place: Place, value: FilterValue): readonly string[] {
  const { report, filter, binds } = place;
  if (filter.op === 'where') {
    if (value.op !== 'where') return [];
    // On lines of its own: the condition may end with a comment.
    return [`(\n${withParameters(filter.sql, () => `(${binds.put(value.value, filter.type)})`)}\n)`];
  }
  const column = columnOf(report, filter.column);
  const name = quoteIdentifier(column.name);
  switch (value.op) {
    case 'eq':
      return [amongSql(column, [value.value], binds)];
    case 'in':
      return value.values.length === 0 ? [] : [amongSql(column, value.values, binds)];
    case 'between':
      return 'lastDays' in value ? [lastDaysSql(place, column, value.lastDays)] : spanSql(place, column, value);
    case 'contains':
      // Stored texts have the collation "C", which knows the case of a to z only.
      return [`${name} COLLATE "default" ILIKE ${binds.put(likePattern(value.text), { name: 'text' })}`];
    case 'where':
      return [];
  }
}

function amongSql(column: ReportColumn, values: readonly (string | null)[], binds: Binds): string {
  const name = quoteIdentifier(column.name);
  const given = values.filter((value) => value !== null);
  const parts = [
    ...(given.length === 1 ? given.map((value) => `${name} = ${binds.put(value, column.type)}`) : []),
    ...(given.length > 1 ? [`${name} IN (${given.map((value) => binds.put(value, column.type)).join(', ')})`] : []),
    ...(values.includes(null) ? [`${name} IS NULL`] : []),
  ];
  return `(${parts.join(' OR ')})`;
}

function spanSql(
  { report, binds }: Place,
  column: ReportColumn,
  { from, to }: { readonly from?: string; readonly to?: string },
): readonly string[] {
  const name = quoteIdentifier(column.name);
  const instants = column.type.name === 'timestamptz';
  const midnight = (day: string, later: string): string =>
    `(${binds.put(day, { name: 'date' })}${later})::timestamp AT TIME ZONE ${binds.put(report.zone, { name: 'text' })}`;
  const parts: string[] = [];
  if (from !== undefined) {
    parts.push(`${name} >= ${instants && isDay(from) ? midnight(from, '') : binds.put(from, column.type)}`);
  }
  if (to !== undefined) {
    parts.push(
      instants && isDay(to) ? `${name} < ${midnight(to, ' + 1')}` : `${name} <= ${binds.put(to, column.type)}`,
    );
  }
  return parts;
}

/** Counted back from the newest day of the whole report, which is the last of them. */
function lastDaysSql({ report, binds, relation }: Place, column: ReportColumn, days: number): string {
  const name = quoteIdentifier(column.name);
  const newest = `(SELECT max(${name}) FROM ${relation} WHERE isfinite(${name}))`;
  const before = binds.put(days - 1, { name: 'int4' });
  if (column.type.name === 'date') return `${name} >= ${newest} - ${before}`;
  const zone = binds.put(report.zone, { name: 'text' });
  return `${name} >= ((${newest} AT TIME ZONE ${zone})::date - ${before})::timestamp AT TIME ZONE ${zone}`;
}

function likePattern(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}
