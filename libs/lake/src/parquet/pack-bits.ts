/** Bytes of 0 and 1 as bits, the first in the lowest. Throws RangeError for any other byte. */
export function packBits(bytes: Uint8Array): { readonly bits: Uint8Array; readonly ones: number } {
  const count = bytes.byteLength;
  const bits = new Uint8Array((count + 7) >> 3);
  let ones = 0;
  let seen = 0;
  for (let at = 0; at < count; at += 1) {
    const bit = bytes[at] ?? 0;
    seen |= bit;
    ones += bit;
    if (bit === 1) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  if (seen > 1) throw new RangeError('a byte that is neither 0 nor 1');
  return { bits, ones };
}

/** The first `count` bits as bytes of 0 and 1. `bits` has them all. */
export function unpackBits(bits: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += 1) bytes[at] = ((bits[at >> 3] ?? 0) >> (at & 7)) & 1;
  return bytes;
}
