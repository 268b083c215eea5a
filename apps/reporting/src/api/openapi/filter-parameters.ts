import { formatLogicalType, type LogicalType } from '@rollcall/catalog';
import { filterDefault, type Report, type ReportFilter } from '@rollcall/reports';

export interface QueryParameter {
  readonly name: string;
  readonly in: 'query' | 'path';
  readonly required?: boolean;
  readonly description?: string;
  readonly explode?: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly example?: unknown;
}

/** The filters of a report as parameters of its addresses. Everything in an address is text; what it must look like is said. */
export function filterParameters(report: Report): readonly QueryParameter[] {
  return report.filters.map((filter) => {
    const standing = filterDefault(filter);
    const text = { type: 'string' };
    const many = filter.op === 'in';
    return {
      name: filter.name,
      in: 'query',
      description: describe(report, filter),
      ...(many && { explode: true }),
      schema: {
        ...(many ? { type: 'array', items: text } : text),
        ...(standing.length > 0 && { default: many ? standing : standing[0] }),
      },
      ...exampleOf(report, filter, standing),
    };
  });
}

const NO_FILTER = '`~` alone means no value; `~all` turns a default off.';

function describe(report: Report, filter: ReportFilter): string {
  const { label, description } = filter;
  const head = [`${label}.`, ...(description === undefined ? [] : [description])].join(' ');
  const type = typeOf(report, filter);
  switch (filter.op) {
    case 'eq':
      return `${head} One value (${type}). ${filter.required ? 'Always has a value.' : NO_FILTER}`;
    case 'in':
      return `${head} Several values (${type}), each one occurrence of the parameter. ${NO_FILTER}`;
    case 'between':
      return `${head} A span of ${type}, both ends inclusive: \`a..b\`, \`a..\`, \`..b\`${isTime(typeNamed(report, filter)) ? ', `last-30` (days)' : ''}. ${NO_FILTER}`;
    case 'contains':
      return `${head} Text that contains this, without regard to case.`;
    case 'where': {
      const { min, max, unit } = filter;
      const bounds = [
        ...(min === undefined ? [] : [`at least ${min}`]),
        ...(max === undefined ? [] : [`at most ${max}`]),
      ];
      return `${head} A number (${type})${unit === undefined ? '' : ` in ${unit}`}${bounds.length > 0 ? `, ${bounds.join(', ')}` : ''}.`;
    }
  }
}

function exampleOf(report: Report, filter: ReportFilter, standing: readonly string[]): { readonly example?: unknown } {
  if (filter.op === 'in') return standing.length > 0 ? { example: standing } : {};
  if (standing[0] !== undefined) return { example: standing[0] };
  return filter.op === 'between' && isTime(typeNamed(report, filter)) ? { example: 'last-30' } : {};
}

function typeNamed(report: Report, filter: ReportFilter): LogicalType {
  if (filter.op === 'where') return filter.type;
  return report.columns.find(({ name }) => name === filter.column)?.type ?? { name: 'text' };
}

function typeOf(report: Report, filter: ReportFilter): string {
  return formatLogicalType(typeNamed(report, filter));
}

function isTime({ name }: LogicalType): boolean {
  return name === 'date' || name === 'timestamptz';
}
