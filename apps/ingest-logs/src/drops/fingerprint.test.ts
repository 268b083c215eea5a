import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { BLOCK_BYTES, takeFingerprint, verifiedBlocks, type Fingerprint } from './fingerprint.js';

const CONTENT = Buffer.alloc(2 * BLOCK_BYTES + 1000, 'abcdefg');

async function* inChunks(bytes: Uint8Array, size = 100_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function verify(
  bytes: Uint8Array,
  print: Fingerprint,
  firstBlock = 0,
): Promise<{ bytes: Buffer; changed: boolean }> {
  const good: Uint8Array[] = [];
  let changed = false;
  for await (const block of verifiedBlocks(inChunks(bytes), print, firstBlock)) {
    if (block.kind === 'block') good.push(block.bytes);
    else changed = true;
  }
  return { bytes: Buffer.concat(good), changed };
}

describe('takeFingerprint', () => {
  it('is the same whatever the chunks, with the sha256 of the whole', async () => {
    const print = await takeFingerprint(inChunks(CONTENT));
    expect(print).toEqual(await takeFingerprint(inChunks(CONTENT, 7_777_777)));
    expect(print.sha256).toBe(createHash('sha256').update(CONTENT).digest('hex'));
    expect(print).toMatchObject({ size: CONTENT.length });
    expect(print.blocks).toHaveLength(3);
  });
});

describe('verifiedBlocks', () => {
  it('gives all of an unchanged file, also from a later block on', async () => {
    const print = await takeFingerprint(inChunks(CONTENT));
    expect((await verify(CONTENT, print)).bytes.equals(CONTENT)).toBe(true);
    const tail = CONTENT.subarray(BLOCK_BYTES);
    expect(await verify(tail, print, 1)).toEqual({ bytes: tail, changed: false });
  });

  it('gives nothing from the first changed block on', async () => {
    const print = await takeFingerprint(inChunks(CONTENT));
    const changed = Buffer.from(CONTENT);
    changed[BLOCK_BYTES + 5] = 0;
    const result = await verify(changed, print);
    expect(result.changed).toBe(true);
    expect(result.bytes.equals(CONTENT.subarray(0, BLOCK_BYTES))).toBe(true);
  });

  it('notices a file that grew or shrank', async () => {
    const print = await takeFingerprint(inChunks(CONTENT));
    expect((await verify(Buffer.concat([CONTENT, CONTENT]), print)).changed).toBe(true);
    expect((await verify(CONTENT.subarray(0, BLOCK_BYTES), print)).changed).toBe(true);
    expect((await verify(CONTENT.subarray(0, 10), print)).changed).toBe(true);
  });
});
