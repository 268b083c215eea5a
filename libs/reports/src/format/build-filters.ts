import { formatLogicalType, suggestion, type Path } from '@rollcall/catalog';
import type { FilterRule, ReportColumn, ReportFilter, ReportTest } from '../report.js';
import { expressionFaults } from './check-sql.js';
import { columnAt, labelOf, type ReportContext } from './report-context.js';
import type { FilterEntry } from './report-parts-schema.js';
import { scanSql } from './sql-tokens.js';
import { canonicalText, isDay, isNumeric, parseBiType, valueWords } from './value-text.js';

/** Parameters of the API beside the filters: no filter has such a name. */
export const RESERVED_PARAMETERS: readonly string[] = [
  'after',
  'bom',
  'columns',
  'download',
  'format',
  'limit',
  'refresh',
  'sort',
  'theme',
  'token',
  'width',
];

const KEYS = ['required', 'default', 'labels', 'sql', 'type', 'min', 'max', 'unit', 'column'] as const;
const KEYS_OF: Readonly<Record<FilterEntry['op'], readonly (typeof KEYS)[number][]>> = {
  eq: ['column', 'required', 'default', 'labels'],
  in: ['column', 'default', 'labels'],
  between: ['column', 'default'],
  contains: ['column'],
  where: ['sql', 'type', 'default', 'min', 'max', 'unit'],
};

/** The filters of a report, checked, in the order of the file. */
export function buildFilters(context: ReportContext, tests: readonly ReportTest[]): readonly ReportFilter[] {
  return Object.entries(context.entry.filters ?? {}).flatMap(([name, entry]) => {
    const path = ['filters', name];
    if (RESERVED_PARAMETERS.includes(name)) {
      context.faultAtKey(path, 'bad-name', `"${name}" is a parameter of every report; give the filter another name`);
    }
    for (const key of KEYS) {
      if (entry[key] !== undefined && !KEYS_OF[entry.op].includes(key)) {
        context.faultAtKey([...path, key], 'filter-key', `a filter with op ${entry.op} has no ${key}`);
      }
    }
    const column = columnOf(context, path, entry);
    const rule =
      entry.op === 'where'
        ? whereRule(context, path, entry)
        : column && columnRule(context, path, entry, column, tests);
    if (!rule) return [];
    const { description } = entry;
    const label = entry.label ?? column?.label ?? labelOf(name);
    return [{ name, label, ...(description === undefined ? {} : { description }), ...rule }];
  });
}

function columnOf(context: ReportContext, path: Path, entry: FilterEntry): ReportColumn | undefined {
  if (entry.op === 'where') return undefined;
  if (entry.column !== undefined) return columnAt(context, [...path, 'column'], entry.column);
  context.faultAtKey(path, 'filter-key', `a filter with op ${entry.op} needs column`);
  return undefined;
}

function columnRule(
  context: ReportContext,
  path: Path,
  entry: FilterEntry,
  column: ReportColumn,
  tests: readonly ReportTest[],
): FilterRule {
  const { op } = entry;
  const type = column.type.name;
  const fits =
    op === 'contains'
      ? type === 'text'
      : op === 'between'
        ? isNumeric(column.type) || type === 'date' || type === 'timestamptz'
        : type !== 'float8' && type !== 'timestamptz';
  if (!fits) {
    const message = `op ${op} does not go with ${formatLogicalType(column.type)}; ${opsFor(column)}`;
    context.fault([...path, 'op'], 'filter-type', message);
  }
  switch (op) {
    case 'contains':
      return { op, column: column.name };
    case 'between': {
      const standing = spanDefault(context, path, entry, column);
      return { op, column: column.name, ...(standing ? { default: standing } : {}) };
    }
    default: {
      const required = entry.required ?? false;
      if (required && entry.default === undefined) {
        context.faultAtKey([...path, 'required'], 'filter-default', 'a filter that is required needs a default');
      }
      const standing = valuesDefault(context, path, entry, column, tests);
      const { labels } = entry;
      return {
        op: op === 'in' ? 'in' : 'eq',
        column: column.name,
        required,
        ...(standing ? { default: standing } : {}),
        ...(labels ? { labels } : {}),
      };
    }
  }
}

function opsFor({ type }: ReportColumn): string {
  if (type.name === 'text') return 'take eq, in or contains';
  if (type.name === 'bool') return 'take eq';
  return type.name === 'float8' || type.name === 'timestamptz' ? 'take between' : 'take eq, in or between';
}

function valuesDefault(
  context: ReportContext,
  path: Path,
  entry: FilterEntry,
  column: ReportColumn,
  tests: readonly ReportTest[],
): readonly string[] | undefined {
  if (entry.default === undefined) return undefined;
  if (typeof entry.default === 'object' && !Array.isArray(entry.default)) {
    context.fault([...path, 'default'], 'filter-default', `the default of op ${entry.op} is a value, not a span`);
    return undefined;
  }
  const values = Array.isArray(entry.default) ? entry.default : [entry.default];
  if (entry.op === 'eq' && values.length > 1) {
    context.fault([...path, 'default'], 'filter-default', 'op eq has one value; take op in for several');
  }
  const domain = domainOf(entry, column, tests);
  return values.map((value, at) => {
    const place = Array.isArray(entry.default) ? [...path, 'default', at] : [...path, 'default'];
    const text = canonicalText(column.type, String(value));
    if (text === undefined) {
      const message = `"${String(value)}" does not fit ${column.name}; expected ${valueWords(column.type)}`;
      context.fault(place, 'filter-default', message);
    } else if (domain && !domain.includes(text)) {
      context.fault(place, 'filter-default', `"${text}" is no value of ${column.name}${suggestion(text, domain)}`);
    }
    return text ?? String(value);
  });
}

/** The values that a column may have, where the report says them. */
function domainOf(
  entry: FilterEntry,
  column: ReportColumn,
  tests: readonly ReportTest[],
): readonly string[] | undefined {
  for (const test of tests) if (test.kind === 'accepted' && test.column === column.name) return test.values;
  return entry.labels && Object.keys(entry.labels);
}

function spanDefault(
  context: ReportContext,
  path: Path,
  entry: FilterEntry,
  column: ReportColumn,
): Extract<FilterRule, { op: 'between' }>['default'] {
  const { default: standing } = entry;
  if (standing === undefined) return undefined;
  const place = [...path, 'default'];
  const days = /^last-([1-9]\d{0,4})$/.exec(String(standing))?.[1];
  if (days !== undefined) {
    if (isNumeric(column.type)) {
      context.fault(place, 'filter-default', `last-${days} counts days, ${column.name} is a number`);
    }
    return { lastDays: Number(days) };
  }
  if (typeof standing !== 'object' || Array.isArray(standing)) {
    context.fault(place, 'filter-default', 'expected last-30 (days), or { from: …, to: … }');
    return undefined;
  }
  const end = (key: 'from' | 'to'): string | undefined => {
    const value = standing[key];
    if (value === undefined) return undefined;
    const text = spanText(column, String(value));
    if (text !== undefined) return text;
    const message = `"${String(value)}" does not fit ${column.name}; expected ${valueWords(column.type)}`;
    context.fault([...place, key], 'filter-default', message);
    return undefined;
  };
  return { from: end('from'), to: end('to') };
}

/** An end of a span: a day of a timestamptz stays a day, and means all of it. */
export function spanText({ type }: Pick<ReportColumn, 'type'>, text: string): string | undefined {
  return type.name === 'timestamptz' && isDay(text) ? text : canonicalText(type, text);
}

function whereRule(context: ReportContext, path: Path, entry: FilterEntry): FilterRule | undefined {
  const type = parseBiType(entry.type ?? 'numeric');
  if (!type || !isNumeric(type)) {
    context.fault(
      [...path, 'type'],
      'filter-type',
      'op where takes a number: int4, int8, numeric, decimal(p,s) or float8',
    );
    return undefined;
  }
  if (entry.sql === undefined) {
    context.faultAtKey(path, 'filter-key', 'a filter with op where needs sql: a condition with :value');
    return undefined;
  }
  checkCondition(context, [...path, 'sql'], entry.sql);
  if (entry.default === undefined) {
    context.faultAtKey(
      path,
      'filter-default',
      'a filter with op where needs a default: the condition always holds a number',
    );
    return undefined;
  }
  const text = typeof entry.default === 'object' ? undefined : canonicalText(type, String(entry.default));
  if (text === undefined) {
    context.fault([...path, 'default'], 'filter-default', `expected ${valueWords(type)}`);
  } else if (Number(text) < (entry.min ?? -Infinity) || Number(text) > (entry.max ?? Infinity)) {
    context.fault([...path, 'default'], 'filter-default', `${text} is beyond min and max`);
  }
  if ((entry.min ?? -Infinity) > (entry.max ?? Infinity))
    context.fault([...path, 'min'], 'bad-range', 'min is above max');
  return {
    op: 'where',
    sql: entry.sql,
    type,
    default: text ?? '0',
    ...(entry.min === undefined ? {} : { min: entry.min }),
    ...(entry.max === undefined ? {} : { max: entry.max }),
    ...(entry.unit === undefined ? {} : { unit: entry.unit }),
  };
}

function checkCondition(context: ReportContext, path: Path, sql: string): void {
  context.faultsInText(path, expressionFaults(sql, 'the condition'));
  const parameters = scanSql(sql).tokens.filter(({ kind }) => kind === 'parameter');
  const strange = parameters.filter(({ text }) => text !== 'value');
  context.faultsInText(
    path,
    strange.map(({ text, start }) => ({
      offset: start,
      rule: 'sql-parameter',
      message: `the condition knows :value only, not :${text}`,
    })),
  );
  if (parameters.length === 0) {
    context.fault(path, 'sql-parameter', 'the condition must read :value, or the filter does nothing');
  }
}
