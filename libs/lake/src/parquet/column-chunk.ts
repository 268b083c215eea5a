import type { Encoding } from 'hyparquet';
import type { Value } from '@rollcall/catalog';
import type { LakeColumn } from '../batch/lake-column.js';
import { BoundsKeeper, textBounds, type Bounds } from './bounds.js';
import { ByteSink } from './byte-sink.js';
import type { EncodedChunk } from './encoded-chunk.js';
import { Presence, writeIndexes } from './levels.js';
import { dataPage, dictionaryPage, encodedPage, type EncodedPage, type Page } from './page.js';
import { isText } from './parquet-element.js';
import { plainEncoder } from './plain-encoder.js';
import { textDictionary, type TextDictionary } from './text-dictionary.js';
import { COMPRESSORS } from './zstd.js';

/**
 * Writes column chunks: one data page, before it a dictionary page where that pays. Buffers are used again from chunk to chunk.
 * A value that is not of its column's type is a bug of whoever parsed it: TypeError or RangeError with the column's name, never the value.
 */
export class ChunkEncoder {
  readonly #levels = new ByteSink();
  readonly #body = new ByteSink();

  /** Rows [start, end) of a column. */
  encode(column: LakeColumn, start: number, end: number): EncodedChunk {
    const dictionary = isText(column.type) ? textDictionary(column.values, start, end) : undefined;
    const presence = new Presence(end - start);
    this.#body.clear();
    let bounds: Bounds;
    let entries: EncodedPage | undefined;
    if (dictionary) {
      bounds = this.#writeEntries(dictionary);
      entries = compressedPage(dictionaryPage(dictionary.entries.length, this.#body.bytes()));
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
    const encoding: Encoding = dictionary ? 'RLE_DICTIONARY' : 'PLAIN';
    const { rowCount, present } = presence;
    const nullCount = rowCount - present;
    return {
      column,
      rowCount,
      nullCount,
      bounds,
      ...(entries && { dictionary: entries }),
      data: compressedPage(dataPage({ rowCount, nullCount, encoding }, this.#levels.bytes(), this.#body.bytes())),
    };
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

function compressedPage(page: Page): EncodedPage {
  return encodedPage(page, COMPRESSORS.ZSTD(page.body));
}
