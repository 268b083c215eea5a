import { seededRandom, type SeededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { columnsOf } from '../../test/every-type.js';
import { FACTS, groupOf, plainGroup, readVectorGroups, vectorFile } from '../../test/vector-file.js';
import fc from 'fast-check';
import { encodeBatch } from './encode-batch.js';
import type { LakeColumn } from './lake-column.js';
import { openBatch } from './open-batch.js';
import { manifestOf } from './write-batch.js';

const ROUNDS = 400;

/** Rows and columns of a file, or the code of the error it gives. */
async function read(bytes: Uint8Array): Promise<unknown> {
  try {
    const batch = await openBatch(bytes);
    return { columns: batch.columns, groups: (await readVectorGroups(batch)).map(plainGroup) };
  } catch (error) {
    // Whatever has no code is shown as it is, and fails the test.
    return (error as { readonly code?: unknown }).code ?? error;
  }
}

/** Flips a bit, changes, drops or doubles a few bytes, or cuts the file off. */
function mutated(bytes: Uint8Array, random: SeededRandom): Uint8Array {
  const copy = Buffer.from(bytes);
  const at = random.below(copy.byteLength);
  const length = 1 + random.below(8);
  switch (random.below(6)) {
    case 0:
    case 1:
      copy[at] = (copy[at] ?? 0) ^ (1 << random.below(8));
      return copy;
    case 2:
      for (let i = at; i < Math.min(at + length, copy.byteLength); i += 1) copy[i] = random.below(256);
      return copy;
    case 3:
      return copy.subarray(0, at);
    case 4:
      return Buffer.concat([copy.subarray(0, at), copy.subarray(at + length)]);
    default:
      return Buffer.concat([copy.subarray(0, at + length), copy.subarray(at)]);
  }
}

function corpus(seed: number): LakeColumn[] {
  const [columns = []] = fc.sample(columnsOf(40), { seed, numRuns: 1 });
  const few = Array.from({ length: 40 }, (_, i) => (i % 7 === 0 ? null : `value ${i % 3}`));
  // Pages beyond the size that is unpacked on the spot.
  const long = few.map((text, i) => `${text} ${String(i * 7919).repeat(200)}`);
  return [
    ...columns,
    { name: 'few', type: { name: 'text' }, values: few },
    { name: 'long', type: { name: 'text' }, values: long },
  ];
}

describe('the bytes of a batch, damaged', () => {
  it.each(['values', 'vectors'])(
    'are lake/corrupt or still say the same, written from %s',
    async (from) => {
      const random = seededRandom();
      const columns = corpus(random.seed);
      const bytes =
        from === 'values'
          ? await encodeBatch(manifestOf({ ...FACTS, columns }), columns)
          : (await vectorFile([groupOf(columns), groupOf(columns)])).bytes;
      const whole = await read(bytes);
      expect(whole).toMatchObject({ columns: columns.map(({ name, type }) => ({ name, type })) });
      let corrupt = 0;
      for (let round = 0; round < ROUNDS; round += 1) {
        const damaged = mutated(bytes, random);
        const found = await read(damaged);
        if (found === 'lake/corrupt') corrupt += 1;
        else expect(found, `round ${round}`).toEqual(whole);
      }
      // Most of a file is what its rows say.
      expect(corrupt).toBeGreaterThan(ROUNDS / 2);
    },
    120_000,
  );
});
