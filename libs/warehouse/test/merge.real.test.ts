import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadGroup, warehouseDigest, type Warehouse } from '../src/index.js';
import { datasetOf, positionOf, rowsBatch, type TestRow } from './batches.js';
import { naiveHistory, naiveRaw } from './naive-warehouse.js';
import { testWarehouse } from './test-warehouse.js';

const dataset = (mode: string, history: string) =>
  datasetOf(`
source: desk
kind: ${mode === 'events' ? 'logs' : 'http'}
datasets:
  people_${mode}_${history}:
    capture: { mode: ${mode} }
    history: ${history}
    key: [team, id]
    max_delete: 100%
    columns:
      team: { type: text }
      id: { type: int8 }
      name: { type: text }
      amount: { type: numeric }
`);

/** Rows of few keys and few values, each at a position of its own. */
const rowOf = (index: number): fc.Arbitrary<TestRow> =>
  fc
    .record({
      op: fc.oneof(
        { weight: 7, arbitrary: fc.constant('u' as const) },
        { weight: 2, arbitrary: fc.constant('d' as const) },
        { weight: 1, arbitrary: fc.constant('t' as const) },
      ),
      team: fc.constantFrom('a', 'b'),
      id: fc.integer({ min: 1, max: 3 }),
      name: fc.constantFrom('x', 'y', '', null),
      depth: fc.integer({ min: 0, max: 2 }),
      at: fc.integer({ min: 0, max: 9 }),
    })
    .map(({ op, team, id, name, depth, at }) => ({
      op,
      position: positionOf(1 + Math.floor(index / 3), index % 3),
      scope: op === 't' ? JSON.stringify([team, id].slice(0, depth)) : undefined,
      committedAt: BigInt(at) * 1_000_000n,
      values:
        op === 't' ? {} : { team, id: BigInt(id), name: op === 'd' ? null : name, amount: op === 'd' ? null : '1.50' },
    })) as fc.Arbitrary<TestRow>;

const scenario = fc.integer({ min: 1, max: 24 }).chain((count) =>
  fc.record({
    rows: fc.tuple(...Array.from({ length: count }, (_, index) => rowOf(index))),
    /** Batches as sets of row numbers: they overlap, and come in any order, some of them twice. */
    batches: fc.array(fc.uniqueArray(fc.integer({ min: 0, max: count - 1 }), { minLength: 1 }), {
      minLength: 1,
      maxLength: 5,
    }),
    order: fc.array(fc.nat(), { minLength: 8, maxLength: 8 }),
    together: fc.array(fc.boolean(), { minLength: 8, maxLength: 8 }),
  }),
);

async function emptied(warehouse: Warehouse, name: string): Promise<void> {
  await warehouse.session(async (session) => {
    await session.run('TRUNCATE ops.batch, ops.load, ops.floor, ops.held, ops.quarantine, ops.chain CASCADE');
    for (const table of [`raw.${name}`, `history._${name}`]) {
      await session.run(`DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table}; END IF; END $$`);
    }
  });
}

describe('the merge', () => {
  for (const mode of ['events', 'full']) {
    for (const history of ['none', 'scd2']) {
      it(`gives one table for any order, overlap and repetition of batches (${mode}, history ${history})`, async () => {
        await using fixture = await testWarehouse();
        const { warehouse } = fixture;
        const people = dataset(mode === 'events' ? 'events' : 'full', history);
        await fc.assert(
          fc.asyncProperty(scenario, async ({ rows, batches, order, together }) => {
            await emptied(warehouse, people.name);
            const all = [...batches, rows.map((_, index) => index)];
            const deliveries = [...all, ...order.map((pick) => all[pick % all.length] ?? [])].sort(
              (a, b) => (order[a.length % 8] ?? 0) - (order[b.length % 8] ?? 0),
            );
            for (let at = 0; at < deliveries.length;) {
              const size = together[at % 8] === true ? 2 : 1;
              const group = deliveries.slice(at, at + size).map((numbers) =>
                rowsBatch(
                  people,
                  numbers.flatMap((number) => rows[number] ?? []),
                  { groupRows: 5 },
                ),
              );
              const { load } = await loadGroup(warehouse, people, group);
              if (load !== undefined) {
                const { in: rowsIn, ...rest } = load.counts;
                expect(Object.values(rest).reduce((sum, count) => sum + count, 0)).toBe(rowsIn);
              }
              at += size;
            }
            const raw = await warehouse.query<{ line: string }>(
              `SELECT team || '/' || id || '|' || coalesce(name, 'NULL') || '|' || _position || '|' || _deleted AS line FROM raw.${people.name}`,
            );
            expect(raw.map((row) => row.line).sort()).toEqual(naiveRaw(rows));
            if (history === 'none') return;
            const versions = await warehouse.query<{ line: string }>(
              `SELECT team || '/' || id || '|' || coalesce(name, 'NULL') || '|' || (extract(epoch FROM valid_from) * 1000000)::bigint || '|' ||
                      coalesce((extract(epoch FROM valid_to) * 1000000)::bigint::text, '') || '|' || _position AS line FROM history.${people.name}`,
            );
            expect(versions.map((row) => row.line).sort()).toEqual(naiveHistory(rows));
          }),
          { numRuns: 20 },
        );
      });
    }
  }

  it('does nothing twice when two loaders take the same batches at once', async () => {
    await using fixture = await testWarehouse();
    await using quiet = await testWarehouse();
    const people = dataset('events', 'scd2');
    const rows = fc.sample(scenario, { numRuns: 1, seed: 5 })[0]?.rows ?? [];
    const many = Array.from({ length: 12 }, (_, part) =>
      rows.map((row, index) => ({ ...row, position: positionOf(part + 1, index) })),
    );
    const loads = await Promise.all(
      [many, many.toReversed()].map(async (batches) => {
        const results = [];
        for (const batch of batches)
          results.push(await loadGroup(fixture.warehouse, people, [rowsBatch(people, batch)]));
        return results;
      }),
    );
    const committed = loads.flat().flatMap((result) => result.load?.batchIds ?? []);
    expect(committed.toSorted()).toEqual(many.map((batch) => rowsBatch(people, batch).announced.batchId).sort());
    await loadGroup(
      quiet.warehouse,
      people,
      many.map((batch) => rowsBatch(people, batch)),
    );
    expect(await warehouseDigest(fixture.warehouse)).toEqual(await warehouseDigest(quiet.warehouse));
  });
});
