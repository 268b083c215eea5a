import { suggestion } from '@rollcall/catalog';
import { RESERVED_PARAMETERS, spanText } from '../format/build-filters.js';
import { canonicalText, valueWords } from '../format/value-text.js';
import type { Report, ReportFilter } from '../report.js';
import { readChoice, writeChoice } from '../shown/filter-codec.js';
import type { FilterChoice, FilterValue } from '../shown/filter-value.js';
import type { FilterValues, ParameterError } from './rows-query.js';
import { columnOf } from './sql-builder.js';

/** Values of one filter; more make a statement longer than anybody reads. */
const MAX_VALUES = 200;

export interface ReadFilters {
  /** Only when there is no error. */
  readonly filters?: FilterValues;
  readonly errors: readonly ParameterError[];
}

/** Reads the filters among the parameters of a request, defaults filled in. Whatever is neither a filter nor known is an error. */
export function readFilters(report: Report, params: ReadonlyMap<string, readonly string[]>): ReadFilters {
  const filters = new Map<string, FilterValue>();
  const errors: ParameterError[] = unknownParameters(report, params);
  for (const filter of report.filters) {
    const texts = params.get(filter.name);
    const read = texts === undefined || texts.length === 0 ? defaultChoice(filter) : readGiven(report, filter, texts);
    if (typeof read === 'object' && 'detail' in read) errors.push({ parameter: filter.name, detail: read.detail });
    else if (read !== 'all') filters.set(filter.name, read);
  }
  return errors.length > 0 ? { errors } : { filters, errors };
}

/** How the default of a filter stands in an address, each value one occurrence. Empty: no filter. */
export function filterDefault(filter: ReportFilter): readonly string[] {
  const choice = defaultChoice(filter);
  return choice === 'all' ? [] : writeChoice(choice);
}

function defaultChoice(filter: ReportFilter): FilterChoice {
  switch (filter.op) {
    case 'eq': {
      const [value] = filter.default ?? [];
      return value === undefined ? 'all' : { op: 'eq', value };
    }
    case 'in':
      return filter.default ? { op: 'in', values: filter.default } : 'all';
    case 'between': {
      const span = filter.default;
      if (!span) return 'all';
      if ('lastDays' in span) return { op: 'between', lastDays: span.lastDays };
      const { from, to } = span;
      if (from === undefined && to === undefined) return 'all';
      return { op: 'between', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    }
    case 'contains':
      return 'all';
    case 'where':
      return { op: 'where', value: filter.default };
  }
}

interface Refusal {
  readonly detail: string;
}

function readGiven(report: Report, filter: ReportFilter, texts: readonly string[]): FilterChoice | Refusal {
  if (texts.length > MAX_VALUES) return { detail: `at most ${MAX_VALUES} values` };
  const choice = readChoice(filter.op, texts);
  if (choice === undefined) return { detail: grammarOf(filter, texts) };
  if (choice === 'all') return mustHold(filter) ? { detail: 'needs a value: the report is of one at a time' } : 'all';
  return filter.op === 'where' ? readNumber(filter, choice) : readTyped(report, filter, choice);
}

function mustHold(filter: ReportFilter): boolean {
  return filter.op === 'where' || (filter.op === 'eq' && filter.required);
}

function grammarOf({ op }: ReportFilter, texts: readonly string[]): string {
  if (texts.length > 1 && op !== 'in') return 'takes one value; it was given several times';
  switch (op) {
    case 'between':
      return 'expected a span such as 2026-08-03..2026-11-22, 2026-08-03.. or last-30';
    case 'where':
      return 'expected a number';
    default:
      return 'a text that begins with ~ is written with another ~ in front; ~ alone means no value, ~all no filter';
  }
}

function readTyped(
  report: Report,
  filter: Extract<ReportFilter, { column: string }>,
  choice: FilterValue,
): FilterValue | Refusal {
  const column = columnOf(report, filter.column);
  const refusal = { detail: `expected ${valueWords(column.type)}` };
  switch (choice.op) {
    case 'eq': {
      if (choice.value === null) return choice;
      const value = canonicalText(column.type, choice.value);
      return value === undefined ? refusal : { op: 'eq', value };
    }
    case 'in': {
      const values = choice.values.map((value) => (value === null ? null : canonicalText(column.type, value)));
      return values.includes(undefined)
        ? refusal
        : { op: 'in', values: [...new Set(values.filter((value) => value !== undefined))] };
    }
    case 'between': {
      if ('lastDays' in choice) {
        const days = column.type.name === 'date' || column.type.name === 'timestamptz';
        return days ? choice : { detail: 'counts no days; expected a span such as 10..20' };
      }
      const from = choice.from === undefined ? undefined : spanText(column, choice.from);
      const to = choice.to === undefined ? undefined : spanText(column, choice.to);
      if ((choice.from !== undefined && from === undefined) || (choice.to !== undefined && to === undefined)) {
        return refusal;
      }
      return { op: 'between', ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
    }
    case 'contains':
      return canonicalText(column.type, choice.text) === undefined ? refusal : choice;
    case 'where':
      return refusal;
  }
}

function readNumber(filter: Extract<ReportFilter, { op: 'where' }>, choice: FilterValue): FilterValue | Refusal {
  const value = choice.op === 'where' ? canonicalText(filter.type, choice.value) : undefined;
  // A condition is written for numbers: NaN and the infinities are none.
  if (value === undefined || !Number.isFinite(Number(value))) return { detail: `expected ${valueWords(filter.type)}` };
  const { min, max } = filter;
  if (min !== undefined && Number(value) < min) return { detail: `must be at least ${min}` };
  if (max !== undefined && Number(value) > max) return { detail: `must be at most ${max}` };
  return { op: 'where', value };
}

function unknownParameters(report: Report, params: ReadonlyMap<string, readonly string[]>): ParameterError[] {
  const names = report.filters.map(({ name }) => name);
  return [...params.keys()].flatMap((parameter) =>
    names.includes(parameter) || RESERVED_PARAMETERS.includes(parameter)
      ? []
      : [{ parameter, detail: `${report.name} has no such filter${suggestion(parameter, names)}` }],
  );
}
