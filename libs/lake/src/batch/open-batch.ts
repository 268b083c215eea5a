import { parquetMetadata, parquetRead, type DecodedArray, type FileMetaData, type SchemaElement } from 'hyparquet';
import type { LogicalType, Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { BatchManifest } from '@rollcall/contracts';
import { decodeColumn } from '../parquet/decode-column.js';
import { parseMetadata, type ColumnName } from '../parquet/file-metadata.js';
import { isText, parquetElement } from '../parquet/parquet-element.js';
import { DECOMPRESSORS } from '../parquet/zstd.js';
import type { LakeColumn, RowGroup } from './lake-column.js';
import { readVectors } from './read-vectors.js';
import type { VectorGroup } from './vector-group.js';

export interface OpenBatch {
  readonly manifest: BatchManifest;
  readonly rowCount: number;
  /** Names and types, in the order of the file. */
  readonly columns: readonly ColumnName[];
  /**
   * The rows, one row group (at most 16 MB) in memory at a time. `only`: just these columns; `skip`: so many groups at the front are passed
   * by unread. May be called again.
   */
  groups(only?: readonly string[], skip?: number): AsyncIterable<RowGroup>;
  /** The same as vectors, many times as fast: two row groups in memory, the next one read while one is in use. */
  vectorGroups(only?: readonly string[], skip?: number): AsyncIterable<VectorGroup>;
}

/** Opens the bytes of a batch. Code `lake/corrupt` when they cannot be read as one; the same for rows that cannot be read, from `groups`. */
export async function openBatch(bytes: Uint8Array): Promise<OpenBatch> {
  return corruptUnless(async () => {
    const metadata = parquetMetadata(bytes);
    const { manifest, columns } = parseMetadata(metadata.key_value_metadata ?? []);
    if (Number(metadata.num_rows) !== manifest.rows)
      throw new Error(`${metadata.num_rows} rows, the manifest says ${manifest.rows}`);
    if (metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n) !== metadata.num_rows)
      throw new Error('its row groups have other rows than the file');
    const physical = { ...metadata, schema: physicalSchema(metadata, columns) };
    const groups: OpenBatch['groups'] = (only, skip = 0) => readGroups(bytes, physical, columns, only, skip);
    return {
      manifest,
      rowCount: manifest.rows,
      columns,
      groups,
      vectorGroups: (only, skip = 0) =>
        corruptUnlessRead(readVectors(bytes, metadata, columns, only, skip, () => groups(only, skip))),
    };
  });
}

async function* readGroups(
  bytes: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
  skip: number,
): AsyncIterable<RowGroup> {
  const wanted = only ? columns.filter((c) => only.includes(c.name)) : columns;
  let rowStart = 0;
  for (const [at, { num_rows: rows }] of metadata.row_groups.entries()) {
    const rowEnd = rowStart + Number(rows);
    if (at >= skip) yield await corruptUnless(() => readGroup(bytes, metadata, wanted, rowStart, rowEnd));
    rowStart = rowEnd;
  }
}

async function readGroup(
  bytes: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  rowStart: number,
  rowEnd: number,
): Promise<RowGroup> {
  const pages = new Map<string, DecodedArray[]>(columns.map(({ name }) => [name, []]));
  await parquetRead({
    file: { byteLength: bytes.byteLength, slice: (from, to) => copyOf(bytes, from, to) },
    metadata,
    columns: [...pages.keys()],
    rowStart,
    rowEnd,
    compressors: DECOMPRESSORS,
    utf8: false,
    parsers: { stringFromBytes: textOf },
    onChunk: ({ columnName, columnData }) => pages.get(columnName)?.push(columnData),
  });
  const rowCount = rowEnd - rowStart;
  const read = columns.map(({ name, type }): LakeColumn => {
    const values = decodePages(type, pages.get(name) ?? []);
    if (values.length !== rowCount)
      throw new Error(`column ${name}: ${values.length} values in a group of ${rowCount} rows`);
    return { name, type, values };
  });
  return { rowCount, columns: read };
}

/**
 * The file's schema without its annotations, except for text: the reader then gives integers and bytes as they stand in the file.
 * Left to itself it makes Dates of instants and floats of decimals.
 */
function physicalSchema(metadata: FileMetaData, columns: readonly ColumnName[]): SchemaElement[] {
  const [root, ...elements] = metadata.schema;
  if (!root || elements.length !== columns.length) throw new Error('the schema is not that of a batch');
  return [
    root,
    ...elements.map((element, i) => {
      const column = columns[i];
      const expected = column && parquetElement(column.type);
      if (!expected || column.name !== element.name || expected.type !== element.type)
        throw new Error(`column ${element.name} is not what the metadata says`);
      const { name, type_length, repetition_type } = element;
      return {
        name,
        type: expected.type,
        ...(type_length !== undefined && { type_length }),
        ...(repetition_type !== undefined && { repetition_type }),
        ...(column && isText(column.type) && { converted_type: 'UTF8' as const }),
      };
    }),
  ];
}

function decodePages(type: LogicalType, pages: readonly DecodedArray[]): Value[] {
  const [only] = pages;
  return only && pages.length === 1 ? decodeColumn(type, only) : pages.flatMap((page) => decodeColumn(type, page));
}

function copyOf(bytes: Uint8Array, from: number, to?: number): ArrayBuffer {
  const copy = new ArrayBuffer((to ?? bytes.byteLength) - from);
  new Uint8Array(copy).set(bytes.subarray(from, to));
  return copy;
}

/** UTF-8 as it is: a TextDecoder would drop a leading byte order mark. */
function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
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
