import type { FileMetaData, RowGroup as RowGroupMetadata } from 'hyparquet';
import { chunkSpan } from '../parquet/chunk-pages.js';
import type { PackedColumn, PackedGroup } from '../parquet/decode-group.js';
import type { ColumnName } from '../parquet/file-metadata.js';
import { decodeAside } from '../threads/aside.js';
import type { VectorGroup } from './vector-group.js';

/** Row groups of a file that `TableWriter` wrote, from page to vector; the next one is read while one is in use. `columns`: all of the file. */
export function readOwn(
  file: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
  skip: number,
): AsyncIterable<VectorGroup> {
  return ahead(metadata.row_groups.slice(skip), async (group) => decodeAside(packedGroup(file, group, columns, only)));
}

function packedGroup(
  file: Uint8Array,
  group: RowGroupMetadata,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
): PackedGroup {
  if (group.columns.length !== columns.length) throw new Error('a row group of other columns');
  const wanted = columns.flatMap(({ name, type }, at): PackedColumn[] => {
    if (only && !only.includes(name)) return [];
    const chunk = group.columns[at]?.meta_data;
    if (!chunk || chunk.path_in_schema.join('.') !== name) throw new Error(`column ${name} is not in its place`);
    return [{ name, type, chunk }];
  });
  const spans = wanted.map(({ chunk }) => chunkSpan(chunk));
  const start = Math.max(0, Math.min(file.byteLength, ...spans.map((span) => span.start)));
  const end = Math.max(start, ...spans.map((span) => span.end));
  return { rowCount: Number(group.num_rows), columns: wanted, part: { bytes: file.subarray(start, end), at: start } };
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
