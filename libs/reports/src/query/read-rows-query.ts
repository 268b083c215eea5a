import { suggestion } from '@rollcall/catalog';
import type { Report, SortKey } from '../report.js';
import { readCursor } from './page-cursor.js';
import { readFilters } from './read-filters.js';
import type { ParameterError, RowsQuery } from './rows-query.js';

export interface RowsLimits {
  /** Default 1000. */
  readonly maxRows?: number;
  /** Default: the page of the report's table. */
  readonly defaultRows?: number;
}

export interface ReadRowsQuery {
  /** Only when there is no error. */
  readonly query?: RowsQuery;
  readonly errors: readonly ParameterError[];
}

const MAX_ROWS = 1000;
const MAX_SORT_KEYS = 8;

/** Reads what page of which rows in which order a request asks for. */
export function readRowsQuery(
  report: Report,
  params: ReadonlyMap<string, readonly string[]>,
  limits: RowsLimits = {},
): ReadRowsQuery {
  const { filters, errors: filterErrors } = readFilters(report, params);
  const errors = [...filterErrors];
  const one = (parameter: string): string | undefined => {
    const texts = params.get(parameter) ?? [];
    if (texts.length > 1) errors.push({ parameter, detail: 'takes one value; it was given several times' });
    return texts[0];
  };
  const sort = readSort(report, one('sort'));
  if ('detail' in sort) errors.push({ parameter: 'sort', detail: sort.detail });
  const limit = readLimit(one('limit'), limits.defaultRows ?? report.table.pageRows, limits.maxRows ?? MAX_ROWS);
  if (typeof limit !== 'number') errors.push({ parameter: 'limit', detail: limit.detail });
  const text = one('after');
  if (errors.length > 0 || !filters || 'detail' in sort || typeof limit !== 'number') return { errors };
  const query = { filters, sort: sort.keys, limit };
  if (text === undefined || text === '') return { query, errors };
  const after = readCursor(report, query, text);
  if (after) return { query: { ...query, after }, errors };
  const detail = 'is not the `next` of a page of these rows in this order; begin without it';
  return { errors: [{ parameter: 'after', detail }] };
}

/** `-answers,first_at`: the report's own order where nothing is said. */
function readSort(
  report: Report,
  text: string | undefined,
): { readonly keys: readonly SortKey[] } | { readonly detail: string } {
  if (text === undefined || text === '') return { keys: report.table.sort };
  const names = report.columns.map(({ name }) => name);
  const keys = text.split(',').map((part) => {
    const descending = part.startsWith('-');
    return { column: descending ? part.slice(1) : part, descending };
  });
  const unknown = keys.find(({ column }) => !names.includes(column));
  if (unknown)
    return {
      detail: `${report.name} has no column "${shortened(unknown.column)}"${suggestion(unknown.column, names)}`,
    };
  if (new Set(keys.map(({ column }) => column)).size < keys.length) return { detail: 'names a column twice' };
  return keys.length > MAX_SORT_KEYS ? { detail: `at most ${MAX_SORT_KEYS} columns` } : { keys };
}

function readLimit(text: string | undefined, standing: number, most: number): number | { readonly detail: string } {
  if (text === undefined || text === '') return Math.min(standing, most);
  const limit = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  return limit >= 1 && limit <= most ? limit : { detail: `expected a whole number from 1 to ${most}` };
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
