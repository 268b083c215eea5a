import { vectorWidth, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import type { ColumnMetaData } from 'hyparquet';
import { readChunkPages, type ChunkPages, type FilePart } from './chunk-pages.js';
import { unpackBits } from './pack-bits.js';
import { readRuns } from './read-runs.js';
import { checkLengths } from './vector-bounds.js';

/** A column chunk that a `TableWriter` wrote, as a vector. Throws when anything in it is not as it should be. */
export function readVector(part: FilePart, chunk: ColumnMetaData, type: LogicalType, rowCount: number): ColumnVector {
  const pages = readChunkPages(part, chunk);
  if (pages.rowCount !== rowCount || chunk.num_values !== BigInt(rowCount))
    throw new Error(`${pages.rowCount} values in a group of ${rowCount} rows`);
  const presentCount = rowCount - pages.nullCount;
  const present = readPresence(pages);
  const body = readBody(type, presentCount, pages);
  return { rowCount, presentCount, body, ...(presentCount < rowCount && { present }) };
}

function readPresence({ rowCount, nullCount, levels }: ChunkPages): Uint8Array {
  const present = new Uint8Array(rowCount);
  readRuns(levels, 1, present);
  let count = 0;
  for (const one of present) count += one;
  if (count !== rowCount - nullCount) throw new Error(`${rowCount - count} NULLs, the page says ${nullCount}`);
  return present;
}

function readBody(type: LogicalType, count: number, { encoding, body, dictionary }: ChunkPages): Uint8Array {
  const width = vectorWidth(type);
  if (encoding === 'RLE_DICTIONARY' && width === 'variable' && dictionary)
    return fromDictionary(count, body, dictionary);
  if (encoding !== 'PLAIN') throw new Error(`a ${type.name} is encoded as ${encoding}`);
  if (width === 'variable') checkLengths(viewOf(body), count);
  else if (body.byteLength !== (type.name === 'bool' ? (count + 7) >> 3 : count * width))
    throw new Error(`${body.byteLength} bytes for ${count} values of ${type.name}`);
  return type.name === 'bool' ? unpackBits(body, count) : body;
}

function fromDictionary(
  count: number,
  body: Uint8Array,
  dictionary: { entryCount: number; body: Uint8Array },
): Uint8Array {
  const { entryCount, body: entries } = dictionary;
  const view = viewOf(entries);
  checkLengths(view, entryCount);
  const starts = new Uint32Array(entryCount + 1);
  for (let entry = 0; entry < entryCount; entry += 1) {
    const start = starts[entry] ?? 0;
    starts[entry + 1] = start + 4 + view.getInt32(start, true);
  }
  const indexes = new Uint16Array(count);
  readRuns(body.subarray(1), body[0] ?? 0xff, indexes);
  let bytes = 0;
  for (const index of indexes) {
    if (index >= entryCount) throw new Error('a value is not in the dictionary');
    bytes += (starts[index + 1] ?? 0) - (starts[index] ?? 0);
  }
  const out = new Uint8Array(bytes);
  let at = 0;
  for (const index of indexes) {
    const start = starts[index] ?? 0;
    const end = starts[index + 1] ?? 0;
    // Short runs are faster byte by byte than by a call into native code.
    if (end - start <= 32) for (let i = start; i < end; i += 1) out[at++] = entries[i] ?? 0;
    else {
      out.set(entries.subarray(start, end), at);
      at += end - start;
    }
  }
  return out;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
