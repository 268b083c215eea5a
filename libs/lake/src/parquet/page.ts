import { crc32 } from 'node:zlib';
import type { Encoding, PageHeader } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';

/** A page before compression. */
export interface Page {
  readonly header: Omit<PageHeader, 'uncompressed_page_size' | 'compressed_page_size' | 'crc'>;
  /** Written as they are, before the compressed body. */
  readonly levels: Uint8Array;
  readonly body: Uint8Array;
}

/** A page as it goes into the file. */
export interface EncodedPage {
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly uncompressedBytes: number;
}

const NOTHING = new Uint8Array();

export function dictionaryPage(entries: number, body: Uint8Array): Page {
  return {
    header: { type: 'DICTIONARY_PAGE', dictionary_page_header: { num_values: entries, encoding: 'PLAIN' } },
    levels: NOTHING,
    body,
  };
}

export function dataPage(
  { rowCount, nullCount, encoding }: { rowCount: number; nullCount: number; encoding: Encoding },
  levels: Uint8Array,
  body: Uint8Array,
): Page {
  return {
    header: {
      type: 'DATA_PAGE_V2',
      data_page_header_v2: {
        num_values: rowCount,
        num_nulls: nullCount,
        num_rows: rowCount,
        encoding,
        definition_levels_byte_length: levels.byteLength,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    },
    levels,
    body,
  };
}

/** The page with its header before it, which carries the CRC-32 of all that follows. `levels` are copied. */
export function encodedPage({ header, levels, body }: Page, compressed: Uint8Array): EncodedPage {
  const head = new ByteWriter(128);
  writePageHeader(head, {
    ...header,
    uncompressed_page_size: levels.byteLength + body.byteLength,
    compressed_page_size: levels.byteLength + compressed.byteLength,
    // Thrift has signed integers only.
    crc: crc32(compressed, crc32(levels)) | 0,
  });
  return {
    pieces: [head.getBytes(), Uint8Array.from(levels), compressed],
    bytes: head.offset + levels.byteLength + compressed.byteLength,
    uncompressedBytes: head.offset + levels.byteLength + body.byteLength,
  };
}
