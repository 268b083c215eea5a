import { Buffer } from 'node:buffer';

const SMALLEST_BYTES = 256 * 1024;

/** Bytes that are not cut into records yet: appended at the end, dropped at the front. Copies each byte once on average. */
export class ByteWindow {
  bytes: Buffer = Buffer.allocUnsafe(SMALLEST_BYTES);
  /** Index of the first byte held. */
  start = 0;
  /** Index behind the last byte held. */
  end = 0;

  get length(): number {
    return this.end - this.start;
  }

  append(chunk: Uint8Array): void {
    if (this.end + chunk.length > this.bytes.length) this.#makeRoom(chunk.length);
    this.bytes.set(chunk, this.end);
    this.end += chunk.length;
  }

  clear(): void {
    this.start = 0;
    this.end = 0;
  }

  #makeRoom(more: number): void {
    const held = this.length;
    const needed = held + more;
    const target =
      needed * 2 > this.bytes.length ? Buffer.allocUnsafe(Math.max(SMALLEST_BYTES, needed * 2)) : this.bytes;
    this.bytes.copy(target, 0, this.start, this.end);
    this.bytes = target;
    this.start = 0;
    this.end = held;
  }
}
