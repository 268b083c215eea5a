const START_BYTES = 1 << 12;
/** What one huge row made big is given back. */
const MAX_KEPT_BYTES = 1 << 22;

/** One row of a binary COPY put together from the chunks that it straddles: the only bytes that are copied before they are decoded. */
export class RowCarry {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #length = 0;
  /** Bytes until more can be said about the row: up to and with its field count, then with the length of the next field. */
  #needed = 2;
  /** Lengths of fields that were not read; undefined: not even how many. */
  #fieldsLeft: number | undefined;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  get isComplete(): boolean {
    return this.#fieldsLeft === 0 && this.#length === this.#needed;
  }

  get bytes(): Buffer {
    return this.#bytes;
  }

  get length(): number {
    return this.#length;
  }

  /** Takes of the chunk from `at` on what belongs to the row; gives the place behind it. */
  fill(chunk: Buffer, at: number): number {
    let from = at;
    while (!this.isComplete) {
      const taken = Math.min(this.#needed - this.#length, chunk.length - from);
      this.#reserve();
      chunk.copy(this.#bytes, this.#length, from, from + taken);
      from += taken;
      this.#length += taken;
      if (this.#length < this.#needed) return from;
      if (this.#fieldsLeft !== 0) this.#advance();
    }
    return from;
  }

  clear(): void {
    this.#length = 0;
    this.#needed = 2;
    this.#fieldsLeft = undefined;
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(START_BYTES);
  }

  /** All that was needed is there: says what is needed next. */
  #advance(): void {
    if (this.#fieldsLeft === undefined) {
      // The end of the stream says -1 and has no fields.
      this.#fieldsLeft = Math.max(0, this.#bytes.readInt16BE(0));
      if (this.#fieldsLeft > 0) this.#needed += 4;
      return;
    }
    // NULL says -1.
    const length = Math.max(0, this.#bytes.readInt32BE(this.#needed - 4));
    this.#fieldsLeft -= 1;
    this.#needed += length + (this.#fieldsLeft > 0 ? 4 : 0);
  }

  #reserve(): void {
    if (this.#needed <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(
      Math.max(this.#needed, Math.min(this.#bytes.length * 2, this.#needed + MAX_KEPT_BYTES)),
    );
    this.#bytes.copy(grown, 0, 0, this.#length);
    this.#bytes = grown;
  }
}
