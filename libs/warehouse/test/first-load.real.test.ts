import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOAD_EFFECTS, loadGroup, warehouseDigest, type LoadEffect, type Warehouse } from '../src/index.js';
import { datasetOf, positionOf, rowsBatch, type TestRow } from './batches.js';
import { byColumns } from './by-columns.js';
import { testWarehouse } from './test-warehouse.js';

const dataset = (history: string, key = 'id') =>
  datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  things:
    capture: { mode: watermark, cursor: at }
    history: ${history}
    key: [${key}]
    columns:
      id: { type: int8 }
      name: { type: text }
      amount: { type: "decimal(12,2)" }
      at: { type: timestamptz }
      more: { type: json }
`);
const THINGS = dataset('none');

const row = (id: number, odd?: 'deleted' | 'rest' | 'nul'): TestRow => ({
  position: positionOf(9, id),
  ...(odd === 'deleted' && { op: 'd' as const }),
  ...(odd === 'rest' && { rest: '{"z": 1}' }),
  values: {
    id: BigInt(id),
    ...(odd !== 'deleted' && {
      name: odd === 'nul' ? 'a\0' : `n${id % 3}`,
      amount: `${id}.50`,
      at: id % 4 === 0 ? null : BigInt(id) * 1_000_000n,
      more: id % 5 === 0 ? null : `{"n": ${id}}`,
    }),
  },
});

const batch = (things: typeof THINGS, rows: readonly TestRow[], part: number, run = 'r1') =>
  byColumns(rowsBatch(things, rows, { range: { kind: 'run', run, part }, groupRows: 7 }));

const range = (from: number, to: number): TestRow[] => Array.from({ length: to - from }, (_, n) => row(from + n));

/** Whether a load staged nothing. */
async function wentStraight(
  warehouse: Warehouse,
  act: (note: (effect: LoadEffect) => Promise<void>) => Promise<unknown>,
): Promise<boolean> {
  let staged = false;
  await act(async (effect) => {
    if (effect !== 'merged') return;
    // A temporary table of the load's connection: there is one only where rows were staged.
    const found = await warehouse.query("SELECT FROM pg_class WHERE relname = 'rollcall_staged'");
    staged ||= found.length > 0;
  });
  return !staged;
}

async function emptied(warehouse: Warehouse): Promise<void> {
  await warehouse.session(async (session) => {
    await session.run('TRUNCATE ops.batch, ops.load, ops.floor, ops.held, ops.quarantine, ops.chain CASCADE');
    for (const table of ['raw.things', 'history._things'])
      await session.run(`DO $$ BEGIN IF to_regclass('${table}') IS NOT NULL THEN TRUNCATE ${table}; END IF; END $$`);
  });
}

const keyOf = (warehouse: Warehouse): Promise<readonly object[]> =>
  warehouse.query(
    `SELECT conrelid::regclass::text AS table, conname AS name, pg_get_constraintdef(oid) AS key FROM pg_constraint WHERE contype = 'p' AND conrelid::regclass::text LIKE '%things'`,
  );

describe('the first load of a run', () => {
  it.each(['none', 'scd2'])('leaves what the ordinary road leaves, history %s', async (history) => {
    await using left = await testWarehouse();
    await using right = await testWarehouse();
    const things = dataset(history);
    const odd = fc.oneof(
      { weight: 100, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom('deleted' as const, 'rest' as const, 'nul' as const) },
    );
    const batches = fc.array(
      fc.array(fc.tuple(fc.integer({ min: 1, max: 4_000 }), odd), { minLength: 1, maxLength: 30 }),
      {
        minLength: 1,
        maxLength: 4,
      },
    );
    await fc.assert(
      fc.asyncProperty(batches, fc.boolean(), async (parts, together) => {
        await Promise.all([emptied(left.warehouse), emptied(right.warehouse)]);
        const made = parts.map((rows, part) =>
          batch(
            things,
            rows.map(([id, oddity]) => row(id, oddity)),
            part,
          ),
        );
        for (const group of together ? [made] : made.map((one) => [one])) {
          const plain = group.map(({ vectors: _, ...rest }) => rest);
          const one = await loadGroup(left.warehouse, things, plain);
          const other = await loadGroup(right.warehouse, things, group);
          expect(other.load?.counts).toEqual(one.load?.counts);
          expect(other.load?.touched).toEqual(one.load?.touched);
        }
        expect(await warehouseDigest(right.warehouse)).toEqual(await warehouseDigest(left.warehouse));
      }),
      { numRuns: 12 },
    );
    expect(await keyOf(right.warehouse)).toEqual(await keyOf(left.warehouse));
  });

  it('is staged nowhere while only its own run is there, and is from then on', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const load = (rows: readonly TestRow[], part: number, run?: string): Promise<boolean> =>
      wentStraight(warehouse, (onEffect) =>
        loadGroup(warehouse, THINGS, [batch(THINGS, rows, part, run)], { onEffect }),
      );
    expect(await load(range(1, 20), 0)).toBe(true);
    expect(await load(range(20, 30), 1)).toBe(true);
    // A key that is there already.
    expect(await load([...range(30, 40), row(5)], 2)).toBe(false);
    expect(await load(range(40, 50), 0, 'r2')).toBe(false);
    expect(await load(range(50, 60), 3)).toBe(false);
    expect(await warehouse.query('SELECT count(*)::int AS n FROM raw.things')).toEqual([{ n: 59 }]);
  });

  it('builds the key after a large load, and stages where rows share one', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const many = range(1, 100_002);
    const large = (rows: readonly TestRow[], part: number) =>
      byColumns(rowsBatch(THINGS, rows, { range: { kind: 'run', run: 'r1', part }, groupRows: 16_384 }));
    await loadGroup(warehouse, THINGS, [batch(THINGS, [row(1)], 0)]);
    const key = await keyOf(warehouse);
    await emptied(warehouse);
    const twice = [large(many, 0), batch(THINGS, [row(77)], 1)];
    const { load } = await loadGroup(warehouse, THINGS, twice);
    expect(load?.counts).toMatchObject({ in: 100_002, merged: 100_001, duplicate: 1 });
    expect(await keyOf(warehouse)).toEqual(key);
    await emptied(warehouse);
    expect(
      await wentStraight(warehouse, (onEffect) => loadGroup(warehouse, THINGS, [large(many, 0)], { onEffect })),
    ).toBe(true);
    expect(await keyOf(warehouse)).toEqual(key);
    expect(await warehouse.query('SELECT name FROM raw.things WHERE id = 77')).toEqual([{ name: 'n2' }]);
  });

  it('takes the ordinary road while somebody reads the empty table', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, THINGS, [batch(THINGS, [row(1)], 0)]);
    await emptied(warehouse);
    const large = byColumns(
      rowsBatch(THINGS, range(1, 100_002), { range: { kind: 'run', run: 'r1', part: 0 }, groupRows: 16_384 }),
    );
    await warehouse.session(async (reader) => {
      await reader.run('BEGIN');
      await reader.rows('SELECT FROM raw.things');
      expect(await wentStraight(warehouse, (onEffect) => loadGroup(warehouse, THINGS, [large], { onEffect }))).toBe(
        false,
      );
      await reader.run('COMMIT');
    });
    expect(await warehouse.query('SELECT count(*)::int AS n FROM raw.things')).toEqual([{ n: 100_001 }]);
  });

  it.each(LOAD_EFFECTS)('leaves all or nothing when it dies after %s', async (effect) => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const given = [batch(THINGS, range(1, 30), 0), batch(THINGS, range(30, 50), 1)];
    const dying = loadGroup(warehouse, THINGS, given, {
      onEffect: (reached) => {
        if (reached === effect) throw new Error('died');
      },
    });
    await expect(dying).rejects.toThrow('died');
    const [left] = await warehouse.query<{ rows: number; batches: number }>(
      'SELECT (SELECT count(*) FROM raw.things)::int AS rows, (SELECT count(*) FROM ops.batch)::int AS batches',
    );
    expect(left).toEqual(effect === 'committed' ? { rows: 49, batches: 2 } : { rows: 0, batches: 0 });
    const again = await loadGroup(warehouse, THINGS, given);
    expect((again.load ?? again.earlier[0])?.counts).toMatchObject({ in: 49, merged: 49 });
    expect(await warehouse.query('SELECT count(*)::int AS n FROM raw.things')).toEqual([{ n: 49 }]);
  });

  it('is not begun with rows that do not add up to what was announced', async () => {
    await using fixture = await testWarehouse();
    const lying = byColumns(rowsBatch(THINGS, range(1, 9), { range: { kind: 'run', run: 'r1', part: 0 }, rows: 9 }));
    await expect(loadGroup(fixture.warehouse, THINGS, [lying])).rejects.toMatchObject({ code: 'lake/corrupt' });
    expect(await fixture.warehouse.query('SELECT FROM raw.things')).toEqual([]);
  });
});
