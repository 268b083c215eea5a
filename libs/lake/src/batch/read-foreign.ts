import { parquetRead, type DecodedArray, type FileMetaData, type SchemaElement } from 'hyparquet';
import type { LogicalType, Value } from '@rollcall/catalog';
import { decodeColumn } from '../parquet/decode-column.js';
import type { ColumnName } from '../parquet/file-metadata.js';
import { isText } from '../parquet/parquet-element.js';
import { DECOMPRESSORS } from '../parquet/zstd.js';
import type { LakeColumn, RowGroup } from './lake-column.js';

/** Row groups of a file that another writer made, by the Parquet library: value by value, any encoding. */
export async function* readForeign(
  bytes: Uint8Array,
  metadata: FileMetaData,
  columns: readonly ColumnName[],
  only: readonly string[] | undefined,
  skip: number,
): AsyncIterable<RowGroup> {
  const physical = { ...metadata, schema: physicalSchema(metadata, columns) };
  const wanted = only ? columns.filter((c) => only.includes(c.name)) : columns;
  let rowStart = 0;
  for (const [at, { num_rows: rows }] of metadata.row_groups.entries()) {
    const rowEnd = rowStart + Number(rows);
    if (at >= skip) yield await readGroup(bytes, physical, wanted, rowStart, rowEnd);
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
  if (!root) throw new Error('a file without a schema');
  return [
    root,
    ...elements.map(({ name, type, type_length, repetition_type }, i) => {
      const column = columns[i];
      return {
        name,
        ...(type !== undefined && { type }),
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
