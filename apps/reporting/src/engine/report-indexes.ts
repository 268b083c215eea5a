import type { Report } from '@rollcall/reports';
import { quoteIdentifier } from '@rollcall/warehouse';

/** Filters on these are answered by an index; `contains` and `where` read the rows. */
const INDEXED: ReadonlySet<string> = new Set(['eq', 'in', 'between']);

/**
 * The indexes of a stored report beside its key, as column lists: for the order in which the table is shown first (behind the value that the
 * page always asks for, where there is one), and for each column that is filtered by.
 */
export function indexesOf(report: Report): readonly string[] {
  const required = report.filters.flatMap((filter) =>
    filter.op === 'eq' && filter.required ? [quoteIdentifier(filter.column)] : [],
  );
  const sorted = report.table.sort.map(
    ({ column, descending }) => `${quoteIdentifier(column)}${descending ? ' DESC NULLS LAST' : ''}`,
  );
  const tie = report.grain
    .map(quoteIdentifier)
    .filter((name) => !required.includes(name) && !sorted.some((key) => key.split(' ')[0] === name));
  const shown = sorted.length === 0 ? [] : [[...required, ...sorted, ...tie].join(', ')];
  const filtered = report.filters.flatMap((filter) =>
    'column' in filter && INDEXED.has(filter.op) ? [quoteIdentifier(filter.column)] : [],
  );
  // The key serves its first column already.
  const first = quoteIdentifier(report.grain[0] ?? '');
  return [...new Set([...shown, ...filtered.filter((name) => name !== first)])];
}
