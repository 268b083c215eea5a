import type { FileMetaData, RowGroup as RowGroupMetadata } from 'hyparquet';
import type { ColumnName } from '../parquet/file-metadata.js';
import { readVector } from '../parquet/read-vector.js';
import type { VectorColumn, VectorGroup } from './vector-group.js';

/** Row groups of a file that `TableWriter` wrote, from page to vector; the next one is read while one is in use. `columns`: all of the file. */
export function readOwn(
  file: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
  skip: number,
): AsyncIterable<VectorGroup> {
  return ahead(metadata.row_groups.slice(skip), (group) => readGroup(file, group, columns, only));
}

async function readGroup(
  file: Uint8Array,
  group: RowGroupMetadata,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
): Promise<VectorGroup> {
  const rowCount = Number(group.num_rows);
  if (group.columns.length !== columns.length) throw new Error('a row group of other columns');
  const read = columns.map(async ({ name, type }, at): Promise<VectorColumn | undefined> => {
    if (only && !only.includes(name)) return undefined;
    const chunk = group.columns[at]?.meta_data;
    if (!chunk || chunk.path_in_schema.join('.') !== name) throw new Error(`column ${name} is not in its place`);
    return { name, type, vector: await readVector(file, chunk, type, rowCount) };
  });
  return { rowCount, columns: (await Promise.all(read)).filter((column) => column !== undefined) };
}

/** Gives what `read` makes of each item, in order; the next one is begun before one is given. */
async function* ahead<T, R>(items: readonly T[], read: (item: T) => Promise<R>): AsyncIterable<R> {
  let next: Promise<R> | undefined;
  for (const [at, item] of items.entries()) {
    const current = next ?? read(item);
    const following = items[at + 1];
    next = following === undefined ? undefined : read(following);
    // Whoever stops here does not hear of its failure.
    next?.catch(() => undefined);
    yield await current;
  }
}
