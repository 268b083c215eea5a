/** What is kept at most, and of one buffer. */
const MAX_BYTES = 32 << 20;
const MAX_BUFFER_BYTES = 4 << 20;
/** A spare that is bigger than this many times what is wanted is left for another. */
const MAX_TIMES = 2;

/** Buffers of vectors that were used up. */
export class SpareBuffers {
  readonly #spares: ArrayBuffer[] = [];
  #held = 0;

  take(bytes: number): Buffer<ArrayBuffer> {
    const at = this.#spares.findIndex(({ byteLength }) => byteLength >= bytes && byteLength <= bytes * MAX_TIMES);
    const [spare] = at < 0 ? [] : this.#spares.splice(at, 1);
    if (!spare) return Buffer.allocUnsafeSlow(bytes);
    this.#held -= spare.byteLength;
    return Buffer.from(spare);
  }

  giveBack(buffers: Iterable<ArrayBuffer>): void {
    for (const buffer of buffers) {
      const { byteLength } = buffer;
      if (byteLength === 0 || byteLength > MAX_BUFFER_BYTES || this.#held + byteLength > MAX_BYTES) continue;
      this.#spares.push(buffer);
      this.#held += byteLength;
    }
  }
}

const ofProcess = new SpareBuffers();

/**
 * A buffer of at least so many bytes, whatever they are, that is its own: a spare one where one fits. Vectors by the million would otherwise be
 * garbage outside V8's heap, which makes V8 look through all of the heap again and again.
 */
export function takeBuffer(bytes: number): Buffer<ArrayBuffer> {
  return ofProcess.take(bytes);
}

/** For whoever had the last use of a vector's bytes: nothing may look at them any more. */
export function giveBuffersBack(buffers: Iterable<ArrayBuffer>): void {
  ofProcess.giveBack(buffers);
}
