import { valueParser, type Value } from '@rollcall/catalog';
import type { RowGroup } from '../batch/lake-column.js';
import type { ColumnName } from '../parquet/file-metadata.js';

/** A row as a database gives it: every field as text, NULL as null. */
export type TextRow = readonly (string | null)[];

/** Values of a column that its Parquet type cannot hold, such as a timestamp of infinity. */
export interface Unfit {
  readonly column: string;
  readonly count: number;
}

export interface ParquetGroups {
  /** Pulls the source piece by piece: it does not run ahead of the reader. */
  readonly groups: AsyncIterable<RowGroup>;
  readonly unfit: () => readonly Unfit[];
}

/** Turns pieces of text rows into row groups of values. A value that does not fit is NULL and counted. */
export function parquetGroups(
  columns: readonly ColumnName[],
  source: (take: (rows: readonly TextRow[]) => Promise<void>) => Promise<void>,
): ParquetGroups {
  const counts = new Map<string, number>();
  const parsers = columns.map(({ type }) => valueParser(type));
  function groupOf(rows: readonly TextRow[]): RowGroup {
    const parsed = columns.map(({ name, type }, i) => {
      const parse = parsers[i];
      const values = rows.map((row): Value => {
        const text = row[i] ?? null;
        if (text === null) return null;
        const value = parse?.(text);
        if (value === undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
        return value ?? null;
      });
      return { name, type, values };
    });
    return { rowCount: rows.length, columns: parsed };
  }
  return {
    groups: pulled(source, groupOf),
    unfit: () => [...counts].map(([column, count]) => ({ column, count })),
  };
}

/** Makes a source that pushes into one that is pulled: a piece is handed over, and the next asked for only when it was taken. */
async function* pulled<T, G>(
  source: (take: (piece: T) => Promise<void>) => Promise<void>,
  map: (piece: T) => G,
): AsyncIterable<G> {
  let deliver = Promise.withResolvers<G | undefined>();
  let taken = Promise.withResolvers<void>();
  let gone = false;
  const running = source(async (piece) => {
    if (gone) throw new Error('the reader of the export went away');
    deliver.resolve(map(piece));
    await taken.promise;
  }).then(
    () => deliver.resolve(undefined),
    (error: unknown) => deliver.reject(error),
  );
  try {
    for (;;) {
      const group = await deliver.promise;
      if (group === undefined) return;
      yield group;
      deliver = Promise.withResolvers();
      const asked = taken;
      taken = Promise.withResolvers();
      asked.resolve();
    }
  } finally {
    gone = true;
    deliver.promise.catch(() => undefined);
    taken.resolve();
    await running;
  }
}
