const START_BYTES = 1 << 18;
/** Up to here a loop over char codes beats the call into Buffer. */
const SHORT_TEXT = 40;

/** Fields of `COPY … (FORMAT binary)`, appended to one growing buffer. A field is its length (int32) and its bytes; -1 is NULL. */
export class CopyBuffer {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** What was appended since the last call, as bytes of the caller's own. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(START_BYTES);
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

  #ensure(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }
}
