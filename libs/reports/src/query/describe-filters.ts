import type { Report, ReportColumn, ReportFilter } from '../report.js';
import { formatValue } from '../shown/format-cell.js';
import type { FilterValues, FilterValue } from './rows-query.js';
import { columnOf } from './sql-builder.js';

/** Values named one by one; more are counted. */
const NAMED = 3;

/** The filters in words: `Day 3 Aug 2026 – 22 Nov 2026`, `Event submission_success`. Empty: every row. */
export function describeFilters(report: Report, filters: FilterValues): readonly string[] {
  return report.filters.flatMap((filter) => {
    const value = filters.get(filter.name);
    return value ? [`${filter.label} ${inWords(report, filter, value)}`] : [];
  });
}

function inWords(report: Report, filter: ReportFilter, value: FilterValue): string {
  if (value.op === 'where')
    return `${value.value}${filter.op === 'where' && filter.unit ? `\u202f${filter.unit}` : ''}`;
  if (filter.op === 'where') return '';
  const column = columnOf(report, filter.column);
  switch (value.op) {
    case 'eq':
      return named(filter, column, report.zone, value.value);
    case 'in': {
      const names = value.values.slice(0, NAMED).map((one) => named(filter, column, report.zone, one));
      const more = value.values.length - names.length;
      return more > 0 ? `${names.join(', ')} and ${more} more` : names.join(' or ');
    }
    case 'between': {
      if ('lastDays' in value) return value.lastDays === 1 ? 'the last day' : `the last ${value.lastDays} days`;
      const end = (text: string): string => formatValue(text, endFormat(column, text), { zone: report.zone });
      if (value.from === undefined) return value.to === undefined ? 'any' : `until ${end(value.to)}`;
      if (value.to === undefined) return `from ${end(value.from)}`;
      return value.from === value.to ? end(value.from) : `${end(value.from)} – ${end(value.to)}`;
    }
    case 'contains':
      return `contains “${value.text}”`;
  }
}

function named(filter: ReportFilter, column: ReportColumn, zone: string, value: string | null): string {
  if (value === null) return 'without a value';
  const label = filter.op === 'eq' || filter.op === 'in' ? filter.labels?.[value] : undefined;
  return label ?? formatValue(value, column.format, { zone });
}

/** A span over months is still given in days. */
function endFormat({ format }: ReportColumn, text: string): ReportColumn['format'] {
  if (format !== 'month' && format !== 'week') return format;
  return format === 'month' && text.endsWith('-01') ? 'month' : 'day';
}
