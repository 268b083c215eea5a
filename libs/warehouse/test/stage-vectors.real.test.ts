import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadGroup, warehouseDigest, type Warehouse } from '../src/index.js';
import { ANY_VALUE } from './any-value.js';
import { datasetOf, positionOf, rowsBatch, type TestRow } from './batches.js';
import { byColumns } from './by-columns.js';
import { testWarehouse } from './test-warehouse.js';

const NAMES = Object.keys(ANY_VALUE);
const columnOf = (name: string): string => `c_${name.replaceAll(/[^a-z0-9]/g, '_').replaceAll(/_+$/g, '')}`;

const dataset = (capture: string, key: string) =>
  datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  everything:
    capture: ${capture}
    history: scd2
    key: [${key}]
    contract: { types: quarantine }
    columns: { id: { type: int8 }, at: { type: timestamptz }, ${NAMES.map((name) => `${columnOf(name)}: { type: "${name}" }`).join(', ')} }
`);

/** Nearly every row is plain; some are deletions, carry a rest, lack their key, or hold what a column refuses. */
const row = fc.record({
  id: fc.integer({ min: 1, max: 12 }),
  odd: fc.oneof(
    { weight: 30, arbitrary: fc.constant('no' as const) },
    { weight: 1, arbitrary: fc.constantFrom('deleted', 'rest', 'keyless', 'nul', 'late', 'not json') },
  ),
  at: fc.option(fc.integer({ min: 0, max: 1_000 })),
  values: fc.record(Object.fromEntries(NAMES.map((name) => [columnOf(name), fc.option(ANY_VALUE[name] ?? fc.nat())]))),
});

type Row = typeof row extends fc.Arbitrary<infer T> ? T : never;

function testRow({ id, odd, at, values }: Row, index: number): TestRow {
  const key = odd === 'keyless' ? null : BigInt(id);
  const cursor = at === null ? null : BigInt(at) * 1_000_000n;
  if (odd === 'deleted') return { position: positionOf(7, index), op: 'd', values: { id: key } };
  const own = {
    ...values,
    ...(odd === 'nul' && { c_text: 'a\0b' }),
    ...(odd === 'late' && { c_timestamptz: -210_866_803_200_000_001n }),
    ...(odd === 'not json' && { c_json: '{' }),
  };
  return {
    position: positionOf(7, index),
    ...(odd === 'rest' && { rest: '{"unknown": 1}' }),
    values: { ...own, id: key, at: cursor },
  };
}

async function emptied(warehouse: Warehouse): Promise<void> {
  await warehouse.session(async (session) => {
    await session.run('TRUNCATE ops.batch, ops.load, ops.floor, ops.held, ops.quarantine, ops.chain CASCADE');
    for (const table of ['raw.everything', 'history._everything'])
      await session.run(`DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table}; END IF; END $$`);
  });
}

describe('a batch that comes by columns', () => {
  for (const [capture, key] of [
    ['{ mode: full }', 'id'],
    ['{ mode: watermark, cursor: at }', 'id'],
  ] as const) {
    it(`does what the same rows do one by one (${capture})`, async () => {
      await using left = await testWarehouse();
      await using right = await testWarehouse();
      const everything = dataset(capture, key);
      await fc.assert(
        fc.asyncProperty(
          fc.array(row, { minLength: 1, maxLength: 25 }),
          fc.integer({ min: 1, max: 30 }),
          fc.boolean(),
          async (rows, groupRows, committed) => {
            await Promise.all([emptied(left.warehouse), emptied(right.warehouse)]);
            const made = rows.map((each, index) => ({
              ...testRow(each, index),
              ...(committed && { committedAt: BigInt(each.id) * 1_000_000n }),
            }));
            // What stands in raw before makes the second one a merge.
            const batches = [made.slice(0, 5), made].map((part) => rowsBatch(everything, part, { groupRows }));
            for (const batch of batches) {
              const one = await loadGroup(left.warehouse, everything, [batch]);
              const other = await loadGroup(right.warehouse, everything, [byColumns(batch)]);
              expect(other.load?.counts).toEqual(one.load?.counts);
            }
            expect(await warehouseDigest(right.warehouse)).toEqual(await warehouseDigest(left.warehouse));
          },
        ),
        { numRuns: 15 },
      );
    });
  }
});
