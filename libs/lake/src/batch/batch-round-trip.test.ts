import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columnsOf, EVERY_TYPE, plainValues, printedSeed } from '../../test/every-type.js';
import { roundTrip } from '../../test/round-trip.js';
import type { LakeColumn } from './lake-column.js';

describe('a batch', () => {
  it('gives back every value of every type', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 20 }).chain((rows) => columnsOf(rows)),
        async (columns) => {
          const read = await roundTrip(columns);
          for (const [i, { name, values }] of columns.entries())
            expect(plainValues(read[i]?.values ?? []), name).toEqual(plainValues(values));
        },
      ),
      { seed: printedSeed(), numRuns: 25 },
    );
  }, 30_000);

  it('keeps columns of nothing but NULL, next to empty strings', async () => {
    const columns: LakeColumn[] = EVERY_TYPE.map(({ type }, i) => ({
      name: `n${i}`,
      type,
      values: Array<null>(500).fill(null),
    }));
    columns.push({ name: 'empty', type: { name: 'text' }, values: Array<string>(500).fill('') });
    expect(await roundTrip(columns)).toEqual(columns);
  });

  it('keeps a batch without rows', async () => {
    const columns: LakeColumn[] = EVERY_TYPE.map(({ type }, i) => ({ name: `e${i}`, type, values: [] }));
    expect(await roundTrip(columns)).toEqual(columns);
  });
});
