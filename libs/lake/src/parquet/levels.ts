import type { ByteSink } from './byte-sink.js';

/** Which rows of a group have a value: the definition levels of an optional column. */
export class Presence {
  readonly #bits: Uint8Array;
  readonly rowCount: number;
  #present = 0;

  constructor(rowCount: number) {
    this.rowCount = rowCount;
    this.#bits = new Uint8Array(Math.ceil(rowCount / 8));
  }

  get present(): number {
    return this.#present;
  }

  mark(row: number): void {
    const byte = row >> 3;
    this.#bits[byte] = (this.#bits[byte] ?? 0) | (1 << (row & 7));
    this.#present += 1;
  }

  write(sink: ByteSink): void {
    writeLevels(sink, this.rowCount, this.#present, this.#bits);
  }
}

/** Levels 0 and 1 in Parquet's hybrid of runs and packed bits. `bits`: one for each row; not looked at when all or none are set. */
export function writeLevels(sink: ByteSink, rowCount: number, present: number, bits?: Uint8Array): void {
  if (present === rowCount || present === 0 || !bits) {
    writeRun(sink, present === 0 ? 0 : 1, rowCount, 1);
  } else {
    sink.varint((bits.byteLength << 1) | 1);
    sink.raw(bits);
  }
}

/** Indexes of a dictionary, each in `width` bits, with the width before them. */
export function writeIndexes(sink: ByteSink, indexes: Uint16Array, count: number, dictionarySize: number): void {
  const width = Math.max(1, 32 - Math.clz32(dictionarySize - 1));
  sink.uint8(width);
  if (dictionarySize === 1) {
    writeRun(sink, 0, count, width);
    return;
  }
  const groups = Math.ceil(count / 8);
  sink.varint((groups << 1) | 1);
  let held = 0;
  let bits = 0;
  for (let i = 0; i < groups * 8; i += 1) {
    held |= (i < count ? (indexes[i] ?? 0) : 0) << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      sink.uint8(held & 0xff);
      held >>>= 8;
    }
  }
}

function writeRun(sink: ByteSink, value: number, count: number, width: number): void {
  sink.varint(count << 1);
  for (let shift = 0; shift < width; shift += 8) sink.uint8((value >>> shift) & 0xff);
}
