const SHORT_TEXT = 40;
const START_BYTES = 256 * 1024;
const KEPT_BYTES = 32 * 1024 * 1024;

/** A buffer that grows and is used again for every page. Integers are little-endian, as in Parquet. */
export class ByteSink {
  #buffer: Buffer;
  #view: DataView;
  #length = 0;

  constructor(startBytes = START_BYTES) {
    this.#buffer = Buffer.alloc(startBytes);
    this.#view = viewOf(this.#buffer);
  }

  get length(): number {
    return this.#length;
  }

  /** What was appended since `clear`; valid until the next append. */
  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Forgets the content. A buffer that one huge value made big is given back. */
  clear(): void {
    this.#length = 0;
    if (this.#buffer.byteLength > KEPT_BYTES) this.#replaceBuffer(START_BYTES);
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length] = value;
    this.#length += 1;
  }

  /** Unsigned LEB128 of a number below 2^31. */
  varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest >>>= 7) this.uint8((rest & 0x7f) | 0x80);
    this.uint8(rest);
  }

  int32(value: number): void {
    this.#reserve(4);
    this.#view.setInt32(this.#length, value, true);
    this.#length += 4;
  }

  int64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, value, true);
    this.#length += 8;
  }

  /** The low 64 bits, most significant byte first. */
  bigEndian64(value: bigint): void {
    this.#reserve(8);
    this.#view.setBigInt64(this.#length, BigInt.asIntN(64, value));
    this.#length += 8;
  }

  float32(value: number): void {
    this.#reserve(4);
    this.#view.setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  float64(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.byteLength);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.byteLength;
  }

  /** Bytes with their length before them. */
  byteArray(bytes: Uint8Array): void {
    this.int32(bytes.byteLength);
    this.raw(bytes);
  }

  /** UTF-8 with its length before it. A lone surrogate becomes U+FFFD. */
  text(text: string): void {
    this.#reserve(4 + 3 * text.length);
    const at = this.#length + 4;
    const written = this.#ascii(text, at) ? text.length : this.#buffer.write(text, at, 'utf8');
    this.#view.setInt32(at - 4, written, true);
    this.#length = at + written;
  }

  /** Short ASCII is faster byte by byte than by a call into native code. False: it is not short ASCII, nothing counts as written. */
  #ascii(text: string, at: number): boolean {
    if (text.length > SHORT_TEXT) return false;
    for (let i = 0; i < text.length; i += 1) {
      const code = text.charCodeAt(i);
      if (code >= 0x80) return false;
      this.#buffer[at + i] = code;
    }
    return true;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.byteLength) return;
    const held = this.bytes();
    this.#replaceBuffer(Math.max(needed, 2 * this.#buffer.byteLength));
    this.#buffer.set(held);
  }

  #replaceBuffer(bytes: number): void {
    this.#buffer = Buffer.alloc(bytes);
    this.#view = viewOf(this.#buffer);
  }
}

function viewOf(buffer: Buffer): DataView {
  return new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
}
