import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { BLOCK_BYTES, verifiedBlocks, type Fingerprint } from './fingerprint.js';

const SLICE_BYTES = 256 * 1024;

/** What comes out of a dropped file: its bytes after decompression, or why there are no more. */
export type PlainBytes =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** The file is no longer what the fingerprint says. */
  | { readonly kind: 'changed' }
  /** A `.gz` file that cannot be decompressed to its end. */
  | { readonly kind: 'corrupt' };

export interface PlainSource {
  /** The stored bytes from `from` on. */
  readonly open: (from: number) => Promise<AsyncIterable<Uint8Array> | undefined>;
  readonly print: Fingerprint;
  readonly isGzip: boolean;
  /** Where to begin, counted after decompression. */
  readonly offset: number;
}

/** Reads a file from `offset` on in slices of at most 256 KiB. A file that is gone has changed. */
export async function* plainBytes(source: PlainSource): AsyncGenerator<PlainBytes> {
  const { open, print, isGzip, offset } = source;
  const firstBlock = isGzip ? 0 : Math.floor(offset / BLOCK_BYTES);
  const stored = await open(firstBlock * BLOCK_BYTES);
  if (!stored) return yield { kind: 'changed' };
  const state = { changed: false };
  const blocks = unchanged(verifiedBlocks(stored, print, firstBlock), state);
  let skip = offset - (isGzip ? 0 : firstBlock * BLOCK_BYTES);
  try {
    for await (const chunk of isGzip ? gunzip(blocks) : blocks) {
      const passed = Math.min(skip, chunk.length);
      skip -= passed;
      for (let at = passed; at < chunk.length; at += SLICE_BYTES) {
        yield { kind: 'bytes', bytes: chunk.subarray(at, at + SLICE_BYTES) };
      }
    }
  } catch (error) {
    if (!isZlibError(error)) throw error;
    return yield { kind: state.changed ? 'changed' : 'corrupt' };
  }
  if (state.changed) yield { kind: 'changed' };
}

async function* unchanged(
  blocks: ReturnType<typeof verifiedBlocks>,
  state: { changed: boolean },
): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    if (block.kind === 'changed') state.changed = true;
    else yield block.bytes;
  }
}

/** Decompresses; an error of the source comes out as it went in. */
async function* gunzip(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const input = Readable.from(blocks);
  const output = createGunzip();
  input.on('error', (error) => output.destroy(error));
  try {
    yield* input.pipe(output) as AsyncIterable<Uint8Array>;
  } finally {
    input.destroy();
  }
}

function isZlibError(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_');
}
