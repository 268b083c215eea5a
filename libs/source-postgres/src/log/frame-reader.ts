import { RollcallError } from '@rollcall/kernel';

/** A tag and the length of the rest, itself included. */
const HEADER = 5;
/** What Postgres itself allows a message to have. */
const MAX_FRAME = 0x3fff_ffff;

/** One message of the Postgres protocol: bytes [from, to) of `bytes`, which nobody writes to again. */
export interface Frame {
  readonly tag: number;
  readonly bytes: Buffer;
  readonly from: number;
  readonly to: number;
}

/**
 * Cuts what a socket gives into messages, and stops in between as long as nobody asks. Whole messages are not copied; one that
 * comes in pieces is copied once.
 */
export class FrameReader {
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;
  /** The message that is being put together, and how much of it is there. */
  private partial: Buffer | undefined;
  private filled = 0;
  /** Chunks that came while nobody asked. */
  private readonly waiting: Buffer[] = [];

  push(chunk: Buffer): void {
    if (this.at === this.chunk.length) {
      this.chunk = chunk;
      this.at = 0;
    } else {
      this.waiting.push(chunk);
    }
  }

  /** The next whole message, undefined until more is pushed. @throws RollcallError source/unfit */
  next(): Frame | undefined {
    for (;;) {
      const frame = this.partial === undefined ? this.cut() : this.fill(this.partial);
      if (frame !== undefined) return frame;
      const chunk = this.waiting.shift();
      if (chunk === undefined) return undefined;
      this.chunk = chunk;
      this.at = 0;
    }
  }

  private cut(): Frame | undefined {
    const { chunk, at } = this;
    const left = chunk.length - at;
    if (left === 0) return undefined;
    const size = left < HEADER ? HEADER : frameSize(chunk, at);
    if (left >= HEADER && left >= size) {
      this.at = at + size;
      return { tag: chunk[at] ?? 0, bytes: chunk, from: at + HEADER, to: at + size };
    }
    this.partial = Buffer.allocUnsafe(size);
    this.filled = 0;
    return this.fill(this.partial);
  }

  private fill(partial: Buffer): Frame | undefined {
    const copied = this.chunk.copy(partial, this.filled, this.at);
    this.at += copied;
    this.filled += copied;
    if (this.filled < partial.length) return undefined;
    const size = frameSize(partial, 0);
    if (size > partial.length) {
      // Only the header was there before: now its size is known.
      this.partial = Buffer.allocUnsafe(size);
      partial.copy(this.partial);
      return this.fill(this.partial);
    }
    this.partial = undefined;
    return { tag: partial[0] ?? 0, bytes: partial, from: HEADER, to: size };
  }
}

function frameSize(bytes: Buffer, at: number): number {
  const length = bytes.readUInt32BE(at + 1);
  if (length < 4 || length > MAX_FRAME)
    throw new RollcallError('source/unfit', `the source sent a message of ${length} bytes: not the Postgres protocol`);
  return length + 1;
}
