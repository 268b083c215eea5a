import { vectorOf, vectorValues } from '@rollcall/catalog';
import { parquetMetadata, type FileMetaData } from 'hyparquet';
import { RollcallError } from '@rollcall/kernel';
import type { BatchManifest } from '@rollcall/contracts';
import { parseMetadata, type ColumnName } from '../parquet/file-metadata.js';
import { parquetElement } from '../parquet/parquet-element.js';
import { CREATED_BY } from '../parquet/table-writer.js';
import type { RowGroup } from './lake-column.js';
import { readForeign } from './read-foreign.js';
import { readOwn } from './read-own.js';
import type { VectorGroup } from './vector-group.js';

export interface OpenBatch {
  readonly manifest: BatchManifest;
  readonly rowCount: number;
  /** Names and types, in the order of the file. */
  readonly columns: readonly ColumnName[];
  /**
   * The rows as values, row group by row group (at most 16 MB). `only`: just these columns; `skip`: so many groups at the front are passed
   * by unread. May be called again.
   */
  groups(only?: readonly string[], skip?: number): AsyncIterable<RowGroup>;
  /** The same as vectors, many times as fast. */
  vectorGroups(only?: readonly string[], skip?: number): AsyncIterable<VectorGroup>;
}

/**
 * Opens the bytes of a batch; they must not change while it is read. Code `lake/corrupt` when they cannot be read as one; the same for rows
 * that cannot be read, from `groups` and `vectorGroups`.
 */
export async function openBatch(bytes: Uint8Array): Promise<OpenBatch> {
  return corruptUnless(async () => {
    const metadata = parquetMetadata(bytes);
    const { manifest, columns } = parseMetadata(metadata.key_value_metadata ?? []);
    const isOwn = metadata.created_by === CREATED_BY;
    checkFooter(metadata, manifest, columns, isOwn ? OWN_FIELDS : FOREIGN_FIELDS);
    return {
      manifest,
      rowCount: manifest.rows,
      columns,
      groups: (only, skip = 0) =>
        corruptUnlessRead(
          isOwn
            ? asValues(readOwn(bytes, metadata, columns, only, skip))
            : readForeign(bytes, metadata, columns, only, skip),
        ),
      vectorGroups: (only, skip = 0) =>
        corruptUnlessRead(
          isOwn
            ? readOwn(bytes, metadata, columns, only, skip)
            : asVectors(readForeign(bytes, metadata, columns, only, skip)),
        ),
    };
  });
}

/** What must be in the schema as we write it: of files that others wrote, only what decides how they are read. */
const OWN_FIELDS = ['type', 'type_length', 'converted_type', 'precision', 'scale'] as const;
const FOREIGN_FIELDS = ['type'] as const;

/** The footer says most things twice. */
function checkFooter(
  metadata: FileMetaData,
  manifest: BatchManifest,
  columns: readonly ColumnName[],
  fields: readonly (typeof OWN_FIELDS)[number][],
): void {
  const grouped = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
  if (Number(metadata.num_rows) !== manifest.rows || grouped !== metadata.num_rows)
    throw new Error(`${metadata.num_rows} rows, ${grouped} in row groups, the manifest says ${manifest.rows}`);
  const [root, ...elements] = metadata.schema;
  if (!root || elements.length !== columns.length) throw new Error('the schema is not that of a batch');
  for (const [at, { name, type }] of columns.entries()) {
    const element = elements[at];
    const expected = parquetElement(type);
    if (fields.some((field) => element?.[field] !== expected[field]) || element?.name !== name)
      throw new Error(`column ${name} is not what the metadata says`);
  }
}

async function* asValues(groups: AsyncIterable<VectorGroup>): AsyncIterable<RowGroup> {
  for await (const { rowCount, columns } of groups) {
    const read = columns.map(({ name, type, vector }) => ({ name, type, values: vectorValues(type, vector) }));
    yield { rowCount, columns: read };
  }
}

async function* asVectors(groups: AsyncIterable<RowGroup>): AsyncIterable<VectorGroup> {
  for await (const { rowCount, columns } of groups) {
    const read = columns.map(({ name, type, values }) => ({ name, type, vector: vectorOf(type, values) }));
    yield { rowCount, columns: read };
  }
}

async function corruptUnless<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw corrupt(cause);
  }
}

async function* corruptUnlessRead<T>(groups: AsyncIterable<T>): AsyncIterable<T> {
  const iterator = groups[Symbol.asyncIterator]();
  try {
    for (;;) {
      const { done, value } = await corruptUnless(() => iterator.next());
      if (done) return;
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}

function corrupt(cause: unknown): unknown {
  if (cause instanceof RollcallError) return cause;
  return new RollcallError(
    'lake/corrupt',
    `not readable as a batch: ${cause instanceof Error ? cause.message : String(cause)}`,
    { cause },
  );
}
