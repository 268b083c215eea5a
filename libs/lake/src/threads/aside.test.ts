import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vectorOf, type LogicalType } from '@rollcall/catalog';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, printedSeed } from '../../test/every-type.js';
import { FACTS, groupOf, plainGroup, readVectorGroups, vectorFile } from '../../test/vector-file.js';
import { openBatch } from '../batch/open-batch.js';
import { VectorBatchWriter } from '../batch/vector-batch-writer.js';
import type { VectorGroup } from '../batch/vector-group.js';
import { encodeGroup } from '../parquet/encode-group.js';
import type { EncodedChunk } from '../parquet/encoded-chunk.js';
import { encodeAside } from './aside.js';
import { ThreadPool } from './thread-pool.js';

const TEXT: LogicalType = { name: 'text' };
/** Makes a group too much for the main thread. */
const FILLER = 'x'.repeat(80_000);

function large(group: VectorGroup): VectorGroup {
  const texts = Array.from({ length: group.rowCount }, () => FILLER);
  return { ...group, columns: [...group.columns, { name: 'filler', type: TEXT, vector: vectorOf(TEXT, texts) }] };
}

function plainChunks(chunks: readonly EncodedChunk[]): unknown {
  const hex = (pieces: readonly Uint8Array[]): string => Buffer.concat(pieces).toString('hex');
  return chunks.map(({ data, ...chunk }) => ({ ...chunk, data: { ...data, pieces: hex(data.pieces) } }));
}

describe('a row group that is encoded and decoded by another thread', () => {
  it('is the one that this thread would make, for every type, and leaves what was not given', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 20 }).chain(columnsOf), fc.boolean(), async (columns, isGiven) => {
        const [group, same] = [large(groupOf(columns)), large(groupOf(columns))];
        const here = plainChunks(encodeGroup(same));
        expect(plainChunks(await encodeAside(group, isGiven))).toEqual(here);
        if (!isGiven) expect(plainGroup(group)).toEqual(plainGroup(same));
        const { bytes } = await vectorFile([same]);
        expect((await readVectorGroups(await openBatch(bytes))).map(plainGroup)).toEqual([plainGroup(same)]);
      }),
      { seed: printedSeed(), numRuns: 20 },
    );
  }, 60_000);

  it('keeps the order of groups that are under way at the same time', async () => {
    const column = (n: number): VectorGroup => large(groupOf([{ name: 'n', type: { name: 'int4' }, values: [n] }]));
    const writer = new VectorBatchWriter(column(0).columns);
    for (let n = 0; n < 30; n += 1) await writer.add(column(n), n % 2 === 0 ? 'given' : 'kept');
    const { bytes } = await writer.encode(FACTS);
    const numbers = (await readVectorGroups(await openBatch(bytes), ['n'])).map(plainGroup);
    expect(numbers).toEqual(
      Array.from({ length: 30 }, (_, n) => plainGroup(groupOf([{ name: 'n', type: { name: 'int4' }, values: [n] }]))),
    );
  });

  it('is refused there as here: RangeError with the name of the column', async () => {
    const vector = { ...vectorOf({ name: 'int4' }, [1]), presentCount: 0 };
    const group = large({ rowCount: 1, columns: [{ name: 'c', type: { name: 'int4' }, vector }] });
    const writer = new VectorBatchWriter(group.columns);
    await writer.add(group);
    const refused = await writer.encode(FACTS).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(RangeError);
    expect(refused).toMatchObject({ message: expect.stringMatching(/^column c: /) });
  });
});

it('names a thread that ended without an answer, and begins another for what comes next', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-thread-'));
  try {
    const file = join(dir, 'thread.mjs');
    await writeFile(
      file,
      `import { parentPort } from 'node:worker_threads';\nparentPort.on('message', () => process.exit(7));`,
    );
    const pool = new ThreadPool(file);
    const job = { kind: 'encode', group: groupOf([]), isGiven: false } as const;
    for (let round = 0; round < 2; round += 1)
      await expect(pool.run(job)).rejects.toMatchObject({
        code: 'lake/thread-ended',
        message: expect.stringContaining('code 7'),
      });
  } finally {
    await rm(dir, { recursive: true });
  }
});
