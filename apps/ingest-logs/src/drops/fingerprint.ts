import { createHash, hash } from 'node:crypto';

/** A file is compared with its fingerprint in blocks of this size. */
export const BLOCK_BYTES = 4 * 1024 * 1024;

/** What a file held when it was looked at first. */
export interface Fingerprint {
  /** Of the whole content. */
  readonly sha256: string;
  readonly size: number;
  /** sha256 of every block of `BLOCK_BYTES`. */
  readonly blocks: readonly string[];
}

/** Reads a file once, remembering 32 bytes for each block of it. */
export async function takeFingerprint(chunks: AsyncIterable<Uint8Array>): Promise<Fingerprint> {
  const whole = createHash('sha256');
  const blocks: string[] = [];
  let size = 0;
  for await (const block of inBlocks(chunks)) {
    whole.update(block);
    blocks.push(hash('sha256', block));
    size += block.length;
  }
  return { sha256: whole.digest('hex'), size, blocks };
}

export type VerifiedBlock =
  | { readonly kind: 'block'; readonly bytes: Uint8Array }
  /** The file is no longer what the fingerprint says; nothing follows. */
  | { readonly kind: 'changed' };

/**
 * Reads a file again, giving only blocks that still are what they were: a file that changes while it is read never gives a byte of its new
 * content under the name of the old one.
 * @param chunks the file from block `firstBlock` on
 */
export async function* verifiedBlocks(
  chunks: AsyncIterable<Uint8Array>,
  print: Fingerprint,
  firstBlock: number,
): AsyncGenerator<VerifiedBlock> {
  let index = firstBlock;
  for await (const bytes of inBlocks(chunks)) {
    if (print.blocks[index] !== hash('sha256', bytes)) return yield { kind: 'changed' };
    index += 1;
    yield { kind: 'block', bytes };
  }
  if (index !== print.blocks.length) yield { kind: 'changed' };
}

/** The same bytes in blocks of `BLOCK_BYTES`, the last one shorter. */
async function* inBlocks(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let block = new Uint8Array(BLOCK_BYTES);
  let filled = 0;
  for await (const chunk of chunks) {
    let at = 0;
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + BLOCK_BYTES - filled);
      block.set(part, filled);
      filled += part.length;
      at += part.length;
      if (filled < BLOCK_BYTES) continue;
      yield block;
      block = new Uint8Array(BLOCK_BYTES);
      filled = 0;
    }
  }
  if (filled > 0) yield block.subarray(0, filled);
}
