import { nullVector, vectorOf, vectorValues, type Value } from '@rollcall/catalog';
import { formatPosition } from '@rollcall/kernel';
import fc from 'fast-check';
import { parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { columnsOf, EVERY_TYPE, plainValues, printedSeed } from '../../test/every-type.js';
import { FACTS, groupOf, plainGroup, readVectorGroups, vectorFile } from '../../test/vector-file.js';
import { MAX_GROUP_BYTES, MAX_GROUP_ROWS } from '../parquet/plan-groups.js';
import { CREATED_BY } from '../parquet/table-writer.js';
import { encodeBatch } from './encode-batch.js';
import type { LakeColumn } from './lake-column.js';
import { openBatch } from './open-batch.js';
import { VectorBatchWriter } from './vector-batch-writer.js';
import { manifestOf } from './write-batch.js';

function statisticsOf(file: Uint8Array): unknown {
  return parquetMetadata(Uint8Array.from(file)).row_groups.map(({ columns }) =>
    columns.map((c) => c.meta_data?.statistics),
  );
}

describe('a batch of vectors', () => {
  it('gives back the vectors it was made of, and their values, with the statistics that a batch of values has', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 20 }).chain(columnsOf), { minLength: 1, maxLength: 3 }),
        async (pieces) => {
          const groups = pieces.map(groupOf);
          const { bytes, manifest } = await vectorFile(groups);
          const batch = await openBatch(bytes);
          expect(batch.manifest).toEqual(manifest);
          expect((await readVectorGroups(batch)).map(plainGroup)).toEqual(groups.map(plainGroup));
          let at = 0;
          for await (const { columns } of batch.groups()) {
            const expected = pieces[at++] ?? [];
            expect(columns.map((c) => plainValues(c.values))).toEqual(expected.map((c) => plainValues(c.values)));
          }
          expect(at).toBe(pieces.length);
          for (const [i, columns] of pieces.entries()) {
            const values = await encodeBatch(manifestOf({ ...FACTS, columns }), columns);
            expect([statisticsOf(bytes)].flat()[i]).toEqual([statisticsOf(values)].flat()[0]);
          }
        },
      ),
      { seed: printedSeed(), numRuns: 20 },
    );
  }, 60_000);

  it('reads the vectors of a batch of values', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 20 }).chain(columnsOf), async (columns) => {
        const batch = await openBatch(await encodeBatch(manifestOf({ ...FACTS, columns }), columns));
        const expected = columns[0]?.values.length === 0 ? [] : [plainGroup(groupOf(columns))];
        expect((await readVectorGroups(batch)).map(plainGroup)).toEqual(expected);
      }),
      { seed: printedSeed(), numRuns: 20 },
    );
  }, 60_000);

  it('reads dictionaries of every width', async () => {
    const rows = 16_000;
    const columns = [1, 2, 3, 255, 256, 257, 4000].map((size): LakeColumn => ({
      name: `of_${size}`,
      type: { name: 'text' },
      values: Array.from({ length: rows }, (_, i) =>
        i % 13 === 0 ? null : `${'é'.repeat(i % 7 ? 1 : 30)}${Math.floor((i * size) / rows)}`,
      ),
    }));
    const file = await encodeBatch(manifestOf({ ...FACTS, columns }), columns);
    expect(parquetMetadata(Uint8Array.from(file)).row_groups[0]?.columns[2]?.meta_data?.encodings).toContain(
      'RLE_DICTIONARY',
    );
    const read = await readVectorGroups(await openBatch(file));
    expect(read.map(plainGroup)).toEqual([plainGroup(groupOf(columns))]);
  });

  it('reads a file that somebody else wrote', async () => {
    const [columns = []] = fc.sample(columnsOf(30), { seed: 20_261_128, numRuns: 1 });
    const { bytes } = await vectorFile([groupOf(columns)]);
    const foreign = Buffer.from(bytes);
    const at = foreign.lastIndexOf(CREATED_BY);
    foreign.write('x'.repeat(CREATED_BY.length), at, 'latin1');
    const batch = await openBatch(foreign);
    expect((await readVectorGroups(batch)).map(plainGroup)).toEqual([plainGroup(groupOf(columns))]);
    for await (const group of batch.groups(['c0_bool', 'c2_int4']))
      expect(group.columns).toEqual([columns[0], columns[2]]);
  });

  it('reads chosen columns, and passes by row groups unread', async () => {
    const groups = [0, 1, 2].map((n) =>
      groupOf([
        { name: 'a', type: { name: 'int4' }, values: [n] },
        { name: 'b', type: { name: 'text' }, values: [`b${n}`] },
        { name: 'c', type: { name: 'bool' }, values: [n % 2 === 0] },
      ]),
    );
    const batch = await openBatch((await vectorFile(groups)).bytes);
    const read = await readVectorGroups(batch, ['c', 'a'], 1);
    expect(read.map((g) => g.columns.map((c) => [c.name, vectorValues(c.type, c.vector)]))).toEqual([
      [
        ['a', [1]],
        ['c', [false]],
      ],
      [
        ['a', [2]],
        ['c', [true]],
      ],
    ]);
    expect(await readVectorGroups(batch, undefined, 3)).toEqual([]);
  });

  it('says its rows and positions as a batch of values does', async () => {
    const positions = [3, 1, 4, 1, 5].map((index) => formatPosition({ epoch: 1, point: 7n, index }));
    const column = (values: readonly Value[]): LakeColumn[] => [{ name: '_position', type: { name: 'text' }, values }];
    const { manifest } = await vectorFile([
      groupOf(column(positions.slice(0, 3))),
      groupOf(column([...positions.slice(3), null])),
    ]);
    expect(manifest).toEqual(manifestOf({ ...FACTS, columns: column([...positions, null]) }));
    expect(manifest).toMatchObject({ rows: 6, firstPosition: positions[1], lastPosition: positions[4] });
  });

  it('may be without rows, and its columns without values', async () => {
    const none = EVERY_TYPE.map(({ type }, i): LakeColumn => ({ name: `c${i}`, type, values: [] }));
    const empty = await openBatch((await vectorFile([groupOf(none)])).bytes);
    expect([empty.rowCount, empty.columns.length, await readVectorGroups(empty)]).toEqual([0, none.length, []]);
    const nulls = { rowCount: 9, columns: none.map(({ name, type }) => ({ name, type, vector: nullVector(9) })) };
    const batch = await openBatch((await vectorFile([nulls])).bytes);
    expect((await readVectorGroups(batch)).map(plainGroup)).toEqual([plainGroup(nulls)]);
    for await (const { columns } of batch.groups()) expect(columns[0]?.values).toEqual(Array(9).fill(null));
  });

  it('cuts a group that is too big, and leaves a row that is bigger whole', async () => {
    const ids = Array.from({ length: 2 * MAX_GROUP_ROWS + 5 }, (_, n) => (n % 3 === 0 ? null : n));
    const many = groupOf([
      { name: 'n', type: { name: 'int4' }, values: ids },
      { name: 't', type: { name: 'text' }, values: ids.map((n) => (n === null || n % 5 ? `t${n}` : null)) },
    ]);
    const cut = await readVectorGroups(await openBatch((await vectorFile([many])).bytes));
    expect(cut.map(({ rowCount }) => rowCount)).toEqual([MAX_GROUP_ROWS, MAX_GROUP_ROWS, 5]);
    expect(cut.flatMap(({ columns: [n] }) => (n ? vectorValues(n.type, n.vector) : []))).toEqual(ids);
    const sizes = [10, MAX_GROUP_BYTES, 10, 20];
    const wide = groupOf([{ name: 'b', type: { name: 'bytes' }, values: sizes.map((size) => new Uint8Array(size)) }]);
    const rows = await readVectorGroups(await openBatch((await vectorFile([wide])).bytes));
    expect(rows.map(({ rowCount }) => rowCount)).toEqual([1, 1, 2]);
    expect(rows.map(({ columns }) => columns[0]?.vector.body.byteLength)).toEqual([14, MAX_GROUP_BYTES + 4, 38]);
  });

  it('is the same bytes for the same groups', async () => {
    const columns = Array.from({ length: 100 }, (_, c): LakeColumn => ({
      name: `c${c}`,
      type: c % 2 ? { name: 'text' } : { name: 'float8' },
      values: Array.from({ length: 500 }, (_, row) => (c % 2 ? `${row * c}` : row / (c + 1))),
    }));
    const [first, second] = await Promise.all([vectorFile([groupOf(columns)]), vectorFile([groupOf(columns)])]);
    expect(Buffer.compare(first.bytes, second.bytes)).toBe(0);
    expect((await readVectorGroups(await openBatch(first.bytes))).map(plainGroup)).toEqual([
      plainGroup(groupOf(columns)),
    ]);
  });

  it.each([
    ['another width', { type: { name: 'int8' }, vector: vectorOf({ name: 'int4' }, [1]) }],
    ['lengths beyond its bytes', { type: { name: 'text' }, vector: vectorOf({ name: 'int4' }, [7]) }],
    ['a negative length', { type: { name: 'json' }, vector: vectorOf({ name: 'int4' }, [-4]) }],
    ['bytes of no value', { type: { name: 'bytes' }, vector: vectorOf({ name: 'int8' }, [0n]) }],
    [
      'another count of values',
      { type: { name: 'int4' }, vector: { ...vectorOf({ name: 'int4' }, [1]), presentCount: 0 } },
    ],
    ['NULLs of other rows', { type: { name: 'int4' }, vector: { ...nullVector(1), present: new Uint8Array(2) } }],
    ['a presence that is neither', { type: { name: 'int4' }, vector: { ...nullVector(1), present: Uint8Array.of(2) } }],
    [
      'a bool that is neither',
      { type: { name: 'bool' }, vector: { ...vectorOf({ name: 'bool' }, [true]), body: Uint8Array.of(2) } },
    ],
    ['an int2 too great', { type: { name: 'int2' }, vector: vectorOf({ name: 'int4' }, [32_768]) }],
    ['an int2 too small', { type: { name: 'int2' }, vector: vectorOf({ name: 'int4' }, [-32_769]) }],
    [
      'a decimal of more digits',
      { type: { name: 'decimal', precision: 3, scale: 1 }, vector: vectorOf({ name: 'int4' }, [-1000]) },
    ],
    ['more rows', { type: { name: 'int4' }, vector: nullVector(2) }],
  ] as const)('refuses a vector of %s, and from then on everything', async (_, { type, vector }) => {
    const columns = [{ name: 'c', type, vector }];
    const writer = new VectorBatchWriter(columns);
    await writer.add({ rowCount: 1, columns }).catch(() => undefined);
    await expect(writer.encode(FACTS)).rejects.toThrow(/^column c: /);
    await expect(writer.encode(FACTS)).rejects.toThrow(RangeError);
  });

  it('refuses other columns, the same one twice, and none', async () => {
    const group = groupOf([{ name: 'n', type: { name: 'int4' }, values: [1] }]);
    await expect(new VectorBatchWriter([{ name: 'm', type: { name: 'int4' } }]).add(group)).rejects.toThrow(RangeError);
    await expect(new VectorBatchWriter([{ name: 'n', type: { name: 'int2' } }]).add(group)).rejects.toThrow(RangeError);
    expect(() => new VectorBatchWriter([...group.columns, ...group.columns])).toThrow(RangeError);
    expect(() => new VectorBatchWriter([])).toThrow(RangeError);
  });
});
