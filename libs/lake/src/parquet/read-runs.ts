/**
 * Reads numbers of `width` bits (0 to 16) in Parquet's hybrid of runs and packed bits into `out`. Throws when the bytes end before it is full.
 * What a last packed run has beyond it is passed over.
 */
export function readRuns(bytes: Uint8Array, width: number, out: Uint8Array | Uint16Array): void {
  if (width > 16) throw new Error(`numbers of ${width} bits`);
  const reader = { bytes, at: 0 };
  let filled = 0;
  while (filled < out.length) {
    const header = readVarint(reader);
    const left = out.length - filled;
    if ((header & 1) === 0) {
      const count = header >>> 1;
      if (count === 0 || count > left) throw new Error('a run is longer than its page, or empty');
      out.fill(readRunValue(reader, width), filled, filled + count);
      filled += count;
    } else {
      const groups = header >>> 1;
      const end = reader.at + groups * width;
      if (groups === 0 || end > bytes.byteLength || (groups - 1) * 8 >= left)
        throw new Error('a packed run does not fit its page');
      const count = Math.min(left, groups * 8);
      unpack(bytes, reader.at, width, out, filled, count);
      reader.at = end;
      filled += count;
    }
  }
  if (reader.at !== bytes.byteLength) throw new Error('there is something after the last run');
}

interface Reader {
  readonly bytes: Uint8Array;
  at: number;
}

function readVarint(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 32; shift += 7) {
    const byte = readByte(reader);
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return value >>> 0;
  }
  throw new Error('a number is too long');
}

function readRunValue(reader: Reader, width: number): number {
  let value = 0;
  for (let shift = 0; shift < width; shift += 8) value |= readByte(reader) << shift;
  if (value >>> width !== 0) throw new Error(`a number of more than ${width} bits`);
  return value;
}

function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at];
  if (byte === undefined) throw new Error('a page ends in the middle');
  reader.at += 1;
  return byte;
}

function unpack(
  bytes: Uint8Array,
  start: number,
  width: number,
  out: Uint8Array | Uint16Array,
  to: number,
  count: number,
): void {
  const mask = (1 << width) - 1;
  let at = start;
  let held = 0;
  let bits = 0;
  for (let i = 0; i < count; i += 1) {
    while (bits < width) {
      held |= (bytes[at] ?? 0) << bits;
      at += 1;
      bits += 8;
    }
    out[to + i] = held & mask;
    held >>>= width;
    bits -= width;
  }
}
