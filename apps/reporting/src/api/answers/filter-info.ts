import { formatLogicalType } from '@rollcall/catalog';
import {
  extentStatement,
  filterDefault,
  MAX_OPTIONS,
  optionsStatement,
  type Report,
  type ReportFilter,
} from '@rollcall/reports';
import { formatValue, type Cell, type FilterInfo } from '@rollcall/reports/shown';
import type { AnswerParts } from './answer-parts.js';
import type { AskedReport } from './asked-report.js';
import { keptRows } from './kept-rows.js';

/** What a page needs to draw a filter: with one query where it offers values or a span. */
export async function filterInfo(parts: AnswerParts, asked: AskedReport, filter: ReportFilter): Promise<FilterInfo> {
  const { report } = asked;
  const { name, label, description, op } = filter;
  const shared = {
    name,
    label,
    ...(description !== undefined && { description }),
    op,
    type: typeOf(report, filter),
    required: op === 'eq' && filter.required,
    default: filterDefault(filter),
  };
  switch (filter.op) {
    case 'eq':
    case 'in':
      return { ...shared, column: filter.column, ...(await optionsOf(parts, asked, filter)) };
    case 'between': {
      const [extent] = await keptRows<{ min: Cell; max: Cell }>(parts, asked, extentStatement(report, filter));
      return { ...shared, column: filter.column, extent: { min: extent?.min ?? null, max: extent?.max ?? null } };
    }
    case 'contains':
      return { ...shared, column: filter.column };
    case 'where': {
      const { min, max, unit } = filter;
      return {
        ...shared,
        ...(min !== undefined && { min }),
        ...(max !== undefined && { max }),
        ...(unit !== undefined && { unit }),
      };
    }
  }
}

function typeOf(report: Report, filter: ReportFilter): string {
  if (filter.op === 'where') return formatLogicalType(filter.type);
  const column = report.columns.find(({ name }) => name === filter.column);
  return column ? formatLogicalType(column.type) : 'text';
}

async function optionsOf(
  parts: AnswerParts,
  asked: AskedReport,
  filter: Extract<ReportFilter, { op: 'eq' | 'in' }>,
): Promise<Pick<FilterInfo, 'options' | 'optionsCut'>> {
  const { report } = asked;
  const found = await keptRows<{ value: string | null; rows: string }>(parts, asked, optionsStatement(report, filter));
  const format = report.columns.find(({ name }) => name === filter.column)?.format ?? 'text';
  const labels = filter.labels ?? {};
  const options = found.slice(0, MAX_OPTIONS).map(({ value, rows }) => ({
    value,
    label: (value === null ? undefined : labels[value]) ?? formatValue(value, format),
    rows: Number(rows),
  }));
  return { options, optionsCut: found.length > MAX_OPTIONS };
}
