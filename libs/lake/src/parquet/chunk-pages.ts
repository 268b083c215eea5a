import { crc32 } from 'node:zlib';
import type { ColumnMetaData, Encoding, PageHeader } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { decompressExactly } from './zstd.js';

/** No header of ours comes near it. */
const MAX_HEADER_BYTES = 1024;

/** The pages of a column chunk, unpacked. */
export interface ChunkPages {
  readonly rowCount: number;
  readonly nullCount: number;
  /** Definition levels, in Parquet's hybrid of runs and packed bits. */
  readonly levels: Uint8Array;
  readonly encoding: Encoding;
  readonly body: Uint8Array;
  readonly dictionary?: { readonly entryCount: number; readonly body: Uint8Array };
}

/** Bytes of a file, from byte `at` of it on. */
export interface FilePart {
  readonly bytes: Uint8Array;
  readonly at: number;
}

interface PackedPage {
  readonly header: PageHeader;
  /** All that follows the header. */
  readonly content: Uint8Array;
  /** Size in the file, and unpacked, header included. */
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/**
 * The pages of a chunk as `ChunkEncoder` and `encodeVector` write them: at most one dictionary page, then one data page of version 2, zstd.
 * Whatever differs from that or from the footer is an error, CRC included where there is one.
 */
export function readChunkPages({ bytes: file, at }: FilePart, chunk: ColumnMetaData): ChunkPages {
  const { start: inFile, end: endInFile } = chunkSpan(chunk);
  const [start, end] = [inFile - at, endInFile - at];
  demand(inFile >= 4 && start >= 0 && end > start && end <= file.byteLength, 'a chunk is not inside the file');
  demand(chunk.codec === 'ZSTD', 'a chunk is not zstd');
  const first = readPage(file, start, end);
  const hasDictionary = first.header.type === 'DICTIONARY_PAGE';
  const data = hasDictionary ? readPage(file, start + first.bytes, end) : first;
  const pages = hasDictionary ? [first, data] : [data];
  demand(sum(pages, ({ bytes }) => bytes) === end - start, 'there is something between pages or after them');
  demand(
    sum(pages, (page) => page.unpackedBytes) === Number(chunk.total_uncompressed_size),
    'a page claims another size',
  );
  demand(BigInt(inFile + (hasDictionary ? first.bytes : 0)) === chunk.data_page_offset, 'the data page is elsewhere');
  const entries = hasDictionary ? unpackEntries(first) : undefined;
  return { ...unpackData(data), ...(entries && { dictionary: entries }) };
}

/** Where a chunk stands in its file, by the footer. */
export function chunkSpan(chunk: ColumnMetaData): { readonly start: number; readonly end: number } {
  const start = Number(chunk.dictionary_page_offset ?? chunk.data_page_offset);
  return { start, end: start + Number(chunk.total_compressed_size) };
}

function readPage(file: Uint8Array, start: number, end: number): PackedPage {
  const reader = {
    view: new DataView(file.buffer, file.byteOffset + start, Math.min(MAX_HEADER_BYTES, end - start)),
    offset: 0,
  };
  const header = parquetHeader(reader);
  const contentStart = start + reader.offset;
  const contentEnd = contentStart + size(header.compressed_page_size);
  demand(contentEnd <= end, 'a page goes beyond its chunk');
  const content = file.subarray(contentStart, contentEnd);
  demand(header.crc === undefined || header.crc === (crc32(content) | 0), 'the CRC of a page differs');
  return {
    header,
    content,
    bytes: contentEnd - start,
    unpackedBytes: reader.offset + size(header.uncompressed_page_size),
  };
}

function unpackData({ header, content }: PackedPage): Omit<ChunkPages, 'dictionary'> {
  const page = header.type === 'DATA_PAGE_V2' ? header.data_page_header_v2 : undefined;
  if (!page) throw new Error('there is no data page');
  const levelBytes = size(page.definition_levels_byte_length);
  const rowCount = size(page.num_rows);
  const nullCount = size(page.num_nulls);
  demand(page.repetition_levels_byte_length === 0 && page.num_values === rowCount, 'a page of nested values');
  demand(page.is_compressed !== false, 'a page is not compressed');
  demand(levelBytes <= content.byteLength && nullCount <= rowCount, 'a page contradicts itself');
  return {
    rowCount,
    nullCount,
    levels: content.subarray(0, levelBytes),
    encoding: page.encoding,
    body: decompressExactly(content.subarray(levelBytes), size(header.uncompressed_page_size - levelBytes)),
  };
}

function unpackEntries({ header, content }: PackedPage): ChunkPages['dictionary'] {
  const page = header.dictionary_page_header;
  if (page?.encoding !== 'PLAIN') throw new Error('a dictionary is not PLAIN');
  return {
    entryCount: size(page.num_values),
    body: decompressExactly(content, size(header.uncompressed_page_size)),
  };
}

function size(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new Error('a size is none');
  return value;
}

function sum(pages: readonly PackedPage[], of: (page: PackedPage) => number): number {
  return pages.reduce((total, page) => total + of(page), 0);
}

function demand(held: boolean, otherwise: string): void {
  if (!held) throw new Error(otherwise);
}
