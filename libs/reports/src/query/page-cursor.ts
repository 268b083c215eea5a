import { sha256Hex } from '@rollcall/kernel';
import { canonicalText } from '../format/value-text.js';
import type { Report, ReportColumn, SortKey } from '../report.js';
import type { Cell, Row } from '../shown/api.js';
import type { PageCursor, RowsQuery } from './rows-query.js';
import { columnOf } from './sql-builder.js';

/** Raised when the form below changes: older cursors are then refused, and paging begins anew. */
const VERSION = 1;
const CHECK_DIGITS = 16;
/** Longer cursors were not made here: a text column is the only long part, and pages sort by few. */
const MAX_LENGTH = 16_384;

type Rows = Pick<RowsQuery, 'filters' | 'sort'>;

/** The whole order: what was asked, then the grain, by which no two rows are equal. */
export function wholeOrder(report: Report, sort: readonly SortKey[]): readonly SortKey[] {
  const rest = report.grain.filter((column) => !sort.some((key) => key.column === column));
  return [...sort, ...rest.map((column) => ({ column, descending: false }))];
}

/** The cursor behind a row. Opaque to readers; it holds the row's own sort values, nothing that they were not shown or may not ask for. */
export function writeCursor(report: Report, query: Rows, row: Row, refreshId: string): string {
  const values = wholeOrder(report, query.sort).map(({ column }) => row[column] ?? null);
  const body = JSON.stringify([values, refreshId]);
  const check = checkOf(report, query, body);
  return Buffer.from(JSON.stringify([VERSION, check, values, refreshId]), 'utf8').toString('base64url');
}

/** Reads one back; undefined: garbled, of another version, or of other rows (another report, order or filter). */
export function readCursor(report: Report, query: Rows, text: string): PageCursor | undefined {
  if (text.length > MAX_LENGTH || !/^[\w-]+$/.test(text)) return undefined;
  const parts = parsed(Buffer.from(text, 'base64url').toString('utf8'));
  if (!Array.isArray(parts) || parts.length !== 4) return undefined;
  const [version, check, values, refreshId] = parts as readonly unknown[];
  if (version !== VERSION || typeof refreshId !== 'string' || !Array.isArray(values)) return undefined;
  const cells: readonly unknown[] = values;
  if (check !== checkOf(report, query, JSON.stringify([cells, refreshId]))) return undefined;
  const order = wholeOrder(report, query.sort).map(({ column }) => columnOf(report, column));
  if (cells.length !== order.length) return undefined;
  const typed = order.map((column, at) => cellOf(column, cells[at]));
  return typed.includes(undefined) ? undefined : { values: typed.filter((cell) => cell !== undefined), refreshId };
}

/** Not a seal (whatever a cursor holds is only ever bound as a value), but what garbling and mixing up do not survive. */
function checkOf(report: Report, { filters, sort }: Rows, body: string): string {
  const of = JSON.stringify([report.name, sort.map(({ column, descending }) => [column, descending]), [...filters]]);
  return sha256Hex(`${of}\n${body}`).slice(0, CHECK_DIGITS);
}

function cellOf({ type }: ReportColumn, value: unknown): Cell | undefined {
  if (value === null) return null;
  if (type.name === 'bool') return typeof value === 'boolean' ? value : undefined;
  if (typeof value === 'number') return type.name === 'int4' || type.name === 'float8' ? value : undefined;
  if (typeof value !== 'string') return undefined;
  // A text of the report may be longer than one that a reader may send.
  if (type.name === 'text') return value.includes('\0') ? undefined : value;
  return canonicalText(type, value) === undefined ? undefined : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
