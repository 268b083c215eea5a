import { vectorOf } from '@rollcall/catalog';
import type { FileMetaData, RowGroup as RowGroupMetadata } from 'hyparquet';
import type { ColumnName } from '../parquet/file-metadata.js';
import { readVector } from '../parquet/read-vector.js';
import { CREATED_BY } from '../parquet/table-writer.js';
import type { RowGroup } from './lake-column.js';
import type { VectorColumn, VectorGroup } from './vector-group.js';

/**
 * Row groups as vectors. Files of ours go straight from page to vector, the next group while one is in use; any other file goes by its values.
 * @param columns all of the file
 * @param byValues the row groups as values
 */
export function readVectors(
  file: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
  skip: number,
  byValues: () => AsyncIterable<RowGroup>,
): AsyncIterable<VectorGroup> {
  if (metadata.created_by !== CREATED_BY) return vectorsOf(byValues());
  const groups = metadata.row_groups.slice(skip);
  return ahead(groups, (group) => readGroup(file, group, columns, only));
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

async function* vectorsOf(groups: AsyncIterable<RowGroup>): AsyncIterable<VectorGroup> {
  for await (const { rowCount, columns } of groups) {
    yield {
      rowCount,
      columns: columns.map(({ name, type, values }) => ({ name, type, vector: vectorOf(type, values) })),
    };
  }
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
