import type { Row } from '@rollcall/reports/shown';

/** A cell by its row's grain and its column. */
export type CellKey = string;

export function rowKey(grain: readonly string[], row: Row): string {
  return JSON.stringify(grain.map((column) => row[column] ?? null));
}

export function cellKey(row: string, column: string): CellKey {
  return `${row}\n${column}`;
}

/** Cells of `after` that are new or say something else than before; rows are the same when their grain is. */
export function changedCells(
  grain: readonly string[],
  columns: readonly string[],
  before: readonly Row[],
  after: readonly Row[],
): ReadonlySet<CellKey> {
  const old = new Map(before.map((row) => [rowKey(grain, row), row]));
  const changed = new Set<CellKey>();
  for (const row of after) {
    const key = rowKey(grain, row);
    const was = old.get(key);
    for (const column of columns) {
      if (was === undefined || was[column] !== row[column]) changed.add(cellKey(key, column));
    }
  }
  return changed;
}
