import type { LogicalType } from '../logical-type.js';
import { vectorWidth, type ColumnVector, type VectorWidth } from './column-vector.js';
import { takeBuffer } from './spare-buffers.js';

const START_BYTES = 1 << 12;
const START_ROWS = 1 << 10;

/**
 * Makes a column vector row by row. Whoever appends knows the type: int32 for an int4, bytes for a text, one call a row.
 * Appending the wrong width is a bug and shows as RangeError in `take`.
 */
export class VectorBuilder {
  readonly width: VectorWidth;
  #bytes = Buffer.allocUnsafeSlow(START_BYTES);
  #at = 0;
  #present = new Uint8Array(START_ROWS);
  #rows = 0;
  #values = 0;

  constructor(type: LogicalType) {
    this.width = vectorWidth(type);
  }

  /** Rows so far, NULL included. */
  get rowCount(): number {
    return this.#rows;
  }

  /** Bytes of the body so far. */
  get byteLength(): number {
    return this.#at;
  }

  null(): void {
    if (this.#rows === this.#present.length) this.#growRows();
    this.#present[this.#rows++] = 0;
  }

  bool(value: boolean): void {
    this.#begin(1);
    this.#bytes[this.#at++] = value ? 1 : 0;
  }

  int32(value: number): void {
    this.#begin(4);
    this.#at = this.#bytes.writeInt32LE(value, this.#at);
  }

  int64(value: bigint): void {
    this.#begin(8);
    this.#at = this.#bytes.writeBigInt64LE(value, this.#at);
  }

  /** An int64 from its halves, without a bigint. `high` and `low`: any 32 bits, signed or not. */
  int64Halves(high: number, low: number): void {
    this.#begin(8);
    this.#at = this.#bytes.writeInt32LE(low | 0, this.#at);
    this.#at = this.#bytes.writeInt32LE(high | 0, this.#at);
  }

  float32(value: number): void {
    this.#begin(4);
    this.#at = this.#bytes.writeFloatLE(value, this.#at);
  }

  float64(value: number): void {
    this.#begin(8);
    this.#at = this.#bytes.writeDoubleLE(value, this.#at);
  }

  /** 16 bytes as they are: a uuid, or a wide decimal. */
  fixed16(source: Uint8Array, from: number): void {
    this.#begin(16);
    this.#copy(source, from, from + 16);
  }

  /** Bytes [from, to) with their length before them. */
  bytes(source: Uint8Array, from = 0, to = source.length): void {
    this.#begin(4 + to - from);
    this.#at = this.#bytes.writeInt32LE(to - from, this.#at);
    this.#copy(source, from, to);
  }

  /** UTF-8 with its length before it. A lone surrogate becomes U+FFFD. */
  text(value: string): void {
    this.#begin(4 + value.length * 3);
    const length = this.#bytes.write(value, this.#at + 4, 'utf8');
    this.#bytes.writeInt32LE(length, this.#at);
    this.#at += 4 + length;
  }

  /** Appends the value that begins at byte `at` of `body`, a column of the same type; of its own so far where none is given. */
  repeat(at: number, body: Uint8Array = this.#bytes): void {
    const from = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const length = this.width === 'variable' ? 4 + from.readInt32LE(at) : this.width;
    this.#begin(length);
    this.#copy(from, at, at + length);
  }

  /** The column, as bytes of the caller's own; the builder begins anew. */
  take(): ColumnVector {
    const vector = this.#vectorOf(Uint8Array.prototype.slice.call(this.#bytes, 0, this.#at));
    // What one huge value made big is given back.
    if (this.#bytes.length > 1 << 22) this.#bytes = Buffer.allocUnsafeSlow(START_BYTES);
    return vector;
  }

  /** The same without a copy: the body lies in a buffer that may be up to twice as big, and is the caller's to give back. */
  takeOver(): ColumnVector {
    const { buffer, length } = this.#bytes;
    const vector = this.#vectorOf(new Uint8Array(buffer, 0, this.#at));
    this.#bytes = takeBuffer(length > 1 << 22 ? START_BYTES : length);
    return vector;
  }

  #vectorOf(body: Uint8Array): ColumnVector {
    if (typeof this.width === 'number' && this.#at !== this.#values * this.width)
      throw new RangeError(`vector: ${this.#at} bytes for ${this.#values} values of ${this.width}`);
    const vector: ColumnVector = {
      rowCount: this.#rows,
      presentCount: this.#values,
      body,
      ...(this.#values < this.#rows && { present: this.#present.slice(0, this.#rows) }),
    };
    this.#at = this.#rows = this.#values = 0;
    return vector;
  }

  #begin(bytes: number): void {
    if (this.#rows === this.#present.length) this.#growRows();
    this.#present[this.#rows++] = 1;
    this.#values += 1;
    const needed = this.#at + bytes;
    if (needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.#bytes.length * 2));
      this.#bytes.copy(grown, 0, 0, this.#at);
      this.#bytes = grown;
    }
  }

  /** Short runs are faster byte by byte than by a call into native code. */
  #copy(source: Uint8Array, from: number, to: number): void {
    const target = this.#bytes;
    let at = this.#at;
    if (to - from <= 32) for (let i = from; i < to; i += 1) target[at++] = source[i] ?? 0;
    else {
      target.set(source.subarray(from, to), at);
      at += to - from;
    }
    this.#at = at;
  }

  #growRows(): void {
    const grown = new Uint8Array(this.#present.length * 2);
    grown.set(this.#present);
    this.#present = grown;
  }
}
