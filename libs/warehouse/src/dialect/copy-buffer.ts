const START_BYTES = (1 << 18) + (1 << 16);
/** Up to here a loop over char codes beats the call into Buffer. */
const SHORT_TEXT = 40;
/** Up to here a loop, eight bytes at a time, beats the call into native code. */
const SHORT_SPAN = 80;
const JSONB_VERSION = 1;

/** Bytes that fields are copied from. */
export interface SpanSource {
  readonly bytes: Buffer;
  readonly view: DataView;
}

export function spanSource({ buffer, byteOffset, byteLength }: Uint8Array): SpanSource {
  return {
    bytes: Buffer.from(buffer, byteOffset, byteLength),
    view: new DataView(buffer, byteOffset, byteLength),
  };
}

/** Fields of `COPY … (FORMAT binary)`, appended to one growing buffer. A field is its length (int32) and its bytes; -1 is NULL. */
export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #view = viewOf(this.#bytes);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** What was appended since the last call, as bytes of the caller's own. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(START_BYTES);
    this.#view = viewOf(this.#bytes);
    this.#at = 0;
    return taken;
  }

  header(): void {
    this.#ensure(19);
    this.#at += this.#bytes.write('PGCOPY\n\xff\r\n\0', this.#at, 'latin1');
    this.#bytes.fill(0, this.#at, this.#at + 8);
    this.#at += 8;
  }

  /** Begins a row of so many fields. */
  row(fields: number): void {
    this.#ensure(2);
    this.#at = this.#bytes.writeInt16BE(fields, this.#at);
  }

  trailer(): void {
    this.row(-1);
  }

  null(): void {
    this.#ensure(4);
    this.#at = this.#bytes.writeInt32BE(-1, this.#at);
  }

  bool(value: boolean): void {
    this.#ensure(5);
    this.#at = this.#bytes.writeInt32BE(1, this.#at);
    this.#bytes[this.#at++] = value ? 1 : 0;
  }

  int2(value: number): void {
    this.#ensure(6);
    this.#at = this.#bytes.writeInt32BE(2, this.#at);
    this.#at = this.#bytes.writeInt16BE(value, this.#at);
  }

  int4(value: number): void {
    this.#ensure(8);
    this.#at = this.#bytes.writeInt32BE(4, this.#at);
    this.#at = this.#bytes.writeInt32BE(value, this.#at);
  }

  int8(value: bigint): void {
    this.#ensure(12);
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    this.#at = this.#bytes.writeBigInt64BE(value, this.#at);
  }

  float4(value: number): void {
    this.#ensure(8);
    this.#at = this.#bytes.writeInt32BE(4, this.#at);
    this.#at = this.#bytes.writeFloatBE(value, this.#at);
  }

  float8(value: number): void {
    this.#ensure(12);
    this.#at = this.#bytes.writeInt32BE(8, this.#at);
    this.#at = this.#bytes.writeDoubleBE(value, this.#at);
  }

  bytes(value: Uint8Array): void {
    this.#ensure(4 + value.length);
    this.#at = this.#bytes.writeInt32BE(value.length, this.#at);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** A field of four bytes, any 32 bits. */
  word(value: number): void {
    this.#ensure(8);
    this.#view.setInt32(this.#at, 4);
    this.#view.setInt32(this.#at + 4, value);
    this.#at += 8;
  }

  /** A field of eight bytes from its halves, any 32 bits each. */
  words(high: number, low: number): void {
    this.#ensure(12);
    this.#view.setInt32(this.#at, 8);
    this.#view.setInt32(this.#at + 4, high);
    this.#view.setInt32(this.#at + 8, low);
    this.#at += 12;
  }

  /** A field of the bytes [from, to) of another buffer. */
  span(source: SpanSource, from: number, to: number): void {
    const length = to - from;
    this.#ensure(4 + length);
    this.#view.setInt32(this.#at, length);
    this.#copy(source, from, to, this.#at + 4);
    this.#at += 4 + length;
  }

  /** jsonb in its binary form: a version and the text. */
  jsonSpan(source: SpanSource, from: number, to: number): void {
    const length = to - from + 1;
    this.#ensure(4 + length);
    this.#view.setInt32(this.#at, length);
    this.#bytes[this.#at + 4] = JSONB_VERSION;
    this.#copy(source, from, to, this.#at + 5);
    this.#at += 4 + length;
  }

  json(value: string): void {
    this.#ensure(5 + value.length * 3);
    this.#bytes[this.#at + 4] = JSONB_VERSION;
    const length = 1 + this.#bytes.write(value, this.#at + 5, 'utf8');
    this.#view.setInt32(this.#at, length);
    this.#at += 4 + length;
  }

  /**
   * A numeric: `whole` and `fraction` groups of four decimal digits, of which the first stands for 10000^weight. The digits follow, by `digit`.
   * Zeros in front and at the end are the server's to drop.
   */
  numeric(digits: number, weight: number, sign: number, scale: number): void {
    this.#ensure(12 + digits * 2);
    const view = this.#view;
    const at = this.#at;
    view.setInt32(at, 8 + digits * 2);
    view.setInt16(at + 4, digits);
    view.setInt16(at + 6, weight);
    view.setInt16(at + 8, sign);
    view.setInt16(at + 10, scale);
    this.#at = at + 12;
  }

  /** Four decimal digits of the numeric that was begun. */
  digit(value: number): void {
    this.#view.setInt16(this.#at, value);
    this.#at += 2;
  }

  hex(value: string): void {
    this.#ensure(4 + value.length / 2);
    this.#bytes.writeInt32BE(value.length / 2, this.#at);
    this.#at += 4;
    this.#at += this.#bytes.write(value, this.#at, 'hex');
  }

  text(value: string): void {
    this.#ensure(4 + value.length * 3);
    const start = this.#at + 4;
    const written = value.length <= SHORT_TEXT ? this.#ascii(value, start) : -1;
    const length = written < 0 ? this.#bytes.write(value, start, 'utf8') : written;
    this.#bytes.writeInt32BE(length, this.#at);
    this.#at = start + length;
  }

  #ascii(value: string, start: number): number {
    const bytes = this.#bytes;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      if (code > 127) return -1;
      bytes[start + i] = code;
    }
    return value.length;
  }

  #copy({ bytes, view }: SpanSource, from: number, to: number, at: number): void {
    if (to - from > SHORT_SPAN) {
      bytes.copy(this.#bytes, at, from, to);
      return;
    }
    let read = from;
    let write = at;
    for (; read <= to - 8; read += 8, write += 8) this.#view.setBigInt64(write, view.getBigInt64(read));
    for (; read < to; read += 1, write += 1) this.#bytes[write] = bytes[read] ?? 0;
  }

  #ensure(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
    this.#view = viewOf(grown);
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
