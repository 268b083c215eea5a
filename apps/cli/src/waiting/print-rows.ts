import type { CliContext } from '../cli-context.js';
import { textTable, type ColumnHead } from '../screen/text-table.js';

/** Prints a list: a table for people, one JSON object a line for programs. */
export function printRows<T extends object>(
  context: CliContext,
  rows: readonly T[],
  json: boolean,
  heads: readonly ColumnHead[],
  cells: (row: T) => readonly string[],
): void {
  if (json) for (const row of rows) context.out.line(JSON.stringify(row));
  else if (rows.length === 0) context.out.line('nothing');
  else context.out.line(textTable(heads, rows.map(cells)));
}

/** Prints one thing: names in one column, values in the other. Absent values are left out. */
export function printFacts(context: CliContext, facts: Readonly<Record<string, string | number | undefined>>): void {
  const present = Object.entries(facts).filter(([, value]) => value !== undefined);
  const width = Math.max(...present.map(([name]) => name.length));
  for (const [name, value] of present)
    context.out.line(`${context.paintOut.dim(name.padEnd(width))}  ${String(value)}`);
}
