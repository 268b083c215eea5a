import type { ColumnChunk, Encoding, PageHeader } from 'hyparquet';
import { ByteWriter } from 'hyparquet-writer';
import { writePageHeader } from 'hyparquet-writer/src/datapage.js';
import type { Value } from '@rollcall/catalog';
import type { LakeColumn } from '../batch/lake-column.js';
import { BoundsKeeper, textBounds, type Bounds } from './bounds.js';
import { ByteSink } from './byte-sink.js';
import { Presence, writeIndexes } from './levels.js';
import { isText, parquetElement } from './parquet-element.js';
import { plainEncoder } from './plain-encoder.js';
import { textDictionary, type TextDictionary } from './text-dictionary.js';
import { COMPRESSORS } from './zstd.js';

/** One column of one row group, as it goes into the file at `offset`. */
export interface EncodedChunk {
  readonly chunk: ColumnChunk;
  readonly pieces: readonly Uint8Array[];
  readonly bytes: number;
  readonly uncompressedBytes: number;
}

interface Page {
  readonly header: Omit<PageHeader, 'uncompressed_page_size' | 'compressed_page_size'>;
  /** Written as they are, before the compressed body. */
  readonly levels: Uint8Array;
  readonly body: Uint8Array;
}

/**
 * Writes column chunks: one data page, before it a dictionary page where that pays. Buffers are used again from chunk to chunk.
 * A value that is not of its column's type is a bug of whoever parsed it: TypeError or RangeError with the column's name, never the value.
 */
export class ChunkEncoder {
  readonly #levels = new ByteSink();
  readonly #body = new ByteSink();

  encode(column: LakeColumn, start: number, end: number, offset: number): EncodedChunk {
    const dictionary = isText(column.type) ? textDictionary(column.values, start, end) : undefined;
    const presence = new Presence(end - start);
    const pieces: Uint8Array[] = [];
    let uncompressedBytes = 0;
    const give = (page: Page): number => {
      const { encoded, uncompressed } = compressedPage(page);
      pieces.push(...encoded);
      uncompressedBytes += uncompressed;
      return encoded.reduce((sum, piece) => sum + piece.byteLength, 0);
    };
    this.#body.clear();
    let bounds: Bounds;
    let bytes = 0;
    if (dictionary) {
      bounds = this.#writeEntries(dictionary);
      bytes += give(dictionaryPage(dictionary.entries.length, this.#body.bytes()));
      this.#body.clear();
      markPresent(column.values, start, end, presence);
      writeIndexes(this.#body, dictionary.indexes, dictionary.count, dictionary.entries.length);
    } else {
      bounds =
        column.type.name === 'bool'
          ? this.#writeBits(column, start, end, presence)
          : this.#writePlain(column, start, end, presence);
    }
    this.#levels.clear();
    presence.write(this.#levels);
    const dataOffset = offset + bytes;
    const encoding: Encoding = dictionary ? 'RLE_DICTIONARY' : 'PLAIN';
    bytes += give(dataPage(presence, encoding, this.#levels.bytes(), this.#body.bytes()));
    const chunk: ColumnChunk = {
      file_offset: BigInt(offset),
      meta_data: {
        type: parquetElement(column.type).type,
        encodings: dictionary ? ['PLAIN', 'RLE_DICTIONARY', 'RLE'] : ['PLAIN', 'RLE'],
        path_in_schema: [column.name],
        codec: 'ZSTD',
        num_values: BigInt(presence.rowCount),
        total_uncompressed_size: BigInt(uncompressedBytes),
        total_compressed_size: BigInt(bytes),
        data_page_offset: BigInt(dataOffset),
        ...(dictionary && { dictionary_page_offset: BigInt(offset) }),
        statistics: { ...boundsFor(column, bounds), null_count: BigInt(presence.rowCount - presence.present) },
      },
    };
    return { chunk, pieces, bytes, uncompressedBytes };
  }

  #writeEntries({ entries }: TextDictionary): Bounds {
    for (const entry of entries) this.#body.text(entry);
    return textBounds(entries, this.#body.bytes());
  }

  #writePlain({ name, type, values }: LakeColumn, start: number, end: number, presence: Presence): Bounds {
    const append = plainEncoder(type);
    const keeper = new BoundsKeeper();
    const text = isText(type);
    for (let row = start; row < end; row += 1) {
      const value = values[row];
      if (value === null) continue;
      const bound = value === undefined ? undefined : append(this.#body, value);
      if (bound === undefined) throw notOfType(name, type.name, row, value);
      if (bound !== true && !text) keeper.add(bound);
      presence.mark(row - start);
    }
    return text ? textBounds(textsOf(values, start, end), this.#body.bytes()) : keeper.bounds;
  }

  #writeBits({ name, values }: LakeColumn, start: number, end: number, presence: Presence): Bounds {
    let held = 0;
    for (let row = start; row < end; row += 1) {
      const value = values[row];
      if (value === null) continue;
      if (typeof value !== 'boolean') throw notOfType(name, 'bool', row, value);
      const bit = presence.present & 7;
      held |= value ? 1 << bit : 0;
      presence.mark(row - start);
      if (bit !== 7) continue;
      this.#body.uint8(held);
      held = 0;
    }
    if (presence.present % 8 > 0) this.#body.uint8(held);
    return {};
  }
}

/** The bounds of JSON would be whole documents in the footer, and of no use to a reader. */
function boundsFor({ type }: LakeColumn, bounds: Bounds): Bounds {
  return parquetElement(type).converted_type === 'JSON' ? {} : bounds;
}

function notOfType(name: string, type: string, row: number, value: Value | undefined): TypeError {
  return new TypeError(`column ${name}, row ${row}: a ${typeof value} that is no ${type}`);
}

function markPresent(values: readonly Value[], start: number, end: number, presence: Presence): void {
  for (let row = start; row < end; row += 1) if (values[row] !== null) presence.mark(row - start);
}

function* textsOf(values: readonly Value[], start: number, end: number): Iterable<string> {
  for (let row = start; row < end; row += 1) {
    const value = values[row];
    if (typeof value === 'string') yield value;
  }
}

function dictionaryPage(entries: number, body: Uint8Array): Page {
  return {
    header: { type: 'DICTIONARY_PAGE', dictionary_page_header: { num_values: entries, encoding: 'PLAIN' } },
    levels: NOTHING,
    body,
  };
}

function dataPage(presence: Presence, encoding: Encoding, levels: Uint8Array, body: Uint8Array): Page {
  return {
    header: {
      type: 'DATA_PAGE_V2',
      data_page_header_v2: {
        num_values: presence.rowCount,
        num_nulls: presence.rowCount - presence.present,
        num_rows: presence.rowCount,
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

const NOTHING = new Uint8Array();

function compressedPage({ header, levels, body }: Page): { encoded: Uint8Array[]; uncompressed: number } {
  const compressed = COMPRESSORS.ZSTD(body);
  const head = new ByteWriter(128);
  writePageHeader(head, {
    ...header,
    uncompressed_page_size: levels.byteLength + body.byteLength,
    compressed_page_size: levels.byteLength + compressed.byteLength,
  });
  const uncompressed = head.offset + levels.byteLength + body.byteLength;
  // The levels stand in a buffer that is used again.
  return { encoded: [head.getBytes(), Uint8Array.from(levels), compressed], uncompressed };
}
