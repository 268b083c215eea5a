const START_BYTES = 1 << 12;
/** What one huge row made big is given back. */
const MAX_KEPT_BYTES = 1 << 22;
/** A message begins with its kind, and its length without the kind. */
const HEAD_BYTES = 5;

/** One message put together from the chunks that it straddles: the only bytes that are copied before they are decoded. */
export class MessageCarry {
  #bytes = Buffer.allocUnsafe(START_BYTES);
  #length = 0;
  #needed = HEAD_BYTES;

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** The message, once it is whole. */
  get message(): Buffer | undefined {
    return this.#length > HEAD_BYTES - 1 && this.#length === this.#needed
      ? this.#bytes.subarray(0, this.#length)
      : undefined;
  }

  /** Takes of the chunk from `at` on what belongs to the message; gives the place behind it. */
  fill(chunk: Buffer, at: number): number {
    let from = this.#take(chunk, at);
    if (this.#length === HEAD_BYTES && this.#needed === HEAD_BYTES) {
      this.#needed = 1 + this.#bytes.readInt32BE(1);
      from = this.#take(chunk, from);
    }
    return from;
  }

  clear(): void {
    this.#length = 0;
    this.#needed = HEAD_BYTES;
    if (this.#bytes.length > MAX_KEPT_BYTES) this.#bytes = Buffer.allocUnsafe(START_BYTES);
  }

  #take(chunk: Buffer, at: number): number {
    if (this.#needed > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(this.#needed);
      this.#bytes.copy(grown, 0, 0, this.#length);
      this.#bytes = grown;
    }
    const taken = Math.min(this.#needed - this.#length, chunk.length - at);
    chunk.copy(this.#bytes, this.#length, at, at + taken);
    this.#length += taken;
    return at + taken;
  }
}
