import { parseLogicalType, type Value } from '@rollcall/catalog';
import { describe, expect, it } from 'vitest';
import { loadGroup, prepareDatasets, warehouseDigest, type StagedBatch, type Warehouse } from '../src/index.js';
import { datasetOf, positionOf, rowsBatch, type TestRow } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const users = (contract = '', extra = '') =>
  datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  users:
    capture: { mode: full }
    key: [id]
    ${contract === '' ? '' : `contract: { ${contract} }`}
    ${extra}
    columns: { email: { lower: true, trim: true } }
`);

/** A batch whose file has just these columns, as `name: type`. */
function fileOf(
  dataset: ReturnType<typeof users>,
  types: Readonly<Record<string, string>>,
  rows: readonly (readonly [number, Readonly<Record<string, Value>>])[],
): StagedBatch {
  const columns = Object.entries(types).map(([name, text]) => {
    const type = parseLogicalType(text);
    if (type === undefined) throw new Error(text);
    return { name, type, from: [name], trim: false, lower: false, pii: 'keep' as const };
  });
  const made = rows.map(([point, values]): TestRow => ({ position: positionOf(point), values }));
  return rowsBatch(dataset, made, {
    columns,
    id: JSON.stringify([types, made.map((row) => [row.position, String(row.values?.['id'])])]),
  });
}

async function columnsOf(warehouse: Warehouse, relation: string): Promise<readonly string[]> {
  const rows = await warehouse.query<{ line: string }>(
    `SELECT attname || ' ' || format_type(atttypid, atttypmod) AS line FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attname NOT LIKE '\\_%' ORDER BY attname`,
    [relation],
  );
  return rows.map((row) => row.line);
}

const BASE = { id: 'int4', email: 'text', name: 'text', born: 'date' };
const ann = { id: 1, email: ' Ann@X.org ', name: 'Ann', born: 0 };

describe('columns that a database has and the catalog does not list', () => {
  it('become typed columns, the key among them, and what the catalog says of a column holds for the type that came', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await prepareDatasets(warehouse, [users()]);
    expect(await columnsOf(warehouse, 'analytics.users')).toEqual(['email text', 'id text']);
    const { load } = await loadGroup(warehouse, users(), [fileOf(users(), BASE, [[1, ann]])]);
    expect(load?.counts).toMatchObject({ in: 1, merged: 1 });
    expect(await columnsOf(warehouse, 'analytics.users')).toEqual([
      'born date',
      'email text',
      'id integer',
      'name text',
    ]);
    expect(await warehouse.query('SELECT id, email, name, born FROM analytics.users')).toEqual([
      { id: 1, email: 'ann@x.org', name: 'Ann', born: '1970-01-01' },
    ]);
  });

  it('stay in _rest, make their row wait, or stop the load, as the contract says', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const batch = (dataset: ReturnType<typeof users>, at = 0) =>
      fileOf(dataset, BASE, [
        [at + 1, ann],
        [at + 2, { id: 2, email: null, name: null, born: null }],
      ]);
    const keep = users('columns: keep');
    await loadGroup(warehouse, keep, [batch(keep)]);
    expect(await warehouse.query('SELECT id, _rest FROM raw.users ORDER BY id')).toEqual([
      { id: 1, _rest: { born: '1970-01-01', name: 'Ann' } },
      { id: 2, _rest: null },
    ]);
    const quarantine = users('columns: quarantine');
    const waits = await loadGroup(warehouse, quarantine, [batch(quarantine, 10)]);
    expect(waits.load?.counts).toMatchObject({ in: 2, quarantined: 1 });
    expect(await warehouse.query('SELECT reason, "column" FROM ops.quarantine')).toEqual([
      { reason: 'unknown-field', column: 'born' },
    ]);
    const frozen = users('columns: freeze');
    await expect(loadGroup(warehouse, frozen, [batch(frozen, 20)])).rejects.toMatchObject({
      code: 'load/contract-frozen',
      message: expect.stringContaining('name') as string,
    });
  });

  it('are widened in place, or get another one beside; what an older batch says later is read into the newest', async () => {
    const narrow = fileOf(users(), { ...BASE, n: 'int4', m: 'int4' }, [[1, { ...ann, n: 5, m: 6 }]]);
    const wide = fileOf(users(), { ...BASE, n: 'int8', m: 'text' }, [
      [2, { ...ann, id: 2, n: 5_000_000_000n, m: 'six' }],
    ]);
    const older = fileOf(users(), { ...BASE, n: 'int4', m: 'int4' }, [[1, { ...ann, id: 3, n: 7, m: 8 }]]);
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    for (const batch of [narrow, wide, older]) await loadGroup(warehouse, users(), [batch]);
    expect(await columnsOf(warehouse, 'raw.users')).toEqual([
      'born date',
      'email text',
      'id integer',
      'm integer',
      'm__2 text',
      'n bigint',
      'name text',
    ]);
    expect(await warehouse.query('SELECT id, n, m FROM analytics.users ORDER BY id')).toEqual([
      { id: 1, n: '5', m: null },
      { id: 2, n: '5000000000', m: 'six' },
      { id: 3, n: '7', m: '8' },
    ]);
    // The same in one load, and back to the first type.
    await using once = await testWarehouse();
    await loadGroup(once.warehouse, users(), [older, wide, narrow]);
    expect(await columnsOf(once.warehouse, 'raw.users')).toEqual(await columnsOf(warehouse, 'raw.users'));
    const back = fileOf(users(), { ...BASE, n: 'int8', m: 'int2' }, [[9, { ...ann, id: 4, n: 1n, m: 2 }]]);
    await loadGroup(warehouse, users(), [back]);
    expect(await columnsOf(warehouse, 'raw.users')).toHaveLength(7);
    expect(await warehouse.query('SELECT id, m FROM analytics.users ORDER BY id')).toEqual([
      { id: 1, m: 6 },
      { id: 2, m: null },
      { id: 3, m: null },
      { id: 4, m: 2 },
    ]);
  });

  it('that do not fit the newest type wait where the contract says so, and so does a key of another type', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const dataset = users('types: quarantine');
    await loadGroup(warehouse, dataset, [fileOf(dataset, { ...BASE, n: 'int4' }, [[5, { ...ann, n: 1 }]])]);
    const older = fileOf(dataset, { ...BASE, n: 'text' }, [
      [2, { ...ann, id: 2, n: '12' }],
      [3, { ...ann, id: 3, n: 'many' }],
    ]);
    expect((await loadGroup(warehouse, dataset, [older])).load?.counts).toMatchObject({ merged: 1, quarantined: 1 });
    const key = fileOf(dataset, { ...BASE, id: 'text', n: 'int4' }, [
      [8, { ...ann, id: '44', n: 1 }],
      [9, { ...ann, id: 'b7', n: 1 }],
    ]);
    expect((await loadGroup(warehouse, dataset, [key])).load?.counts).toMatchObject({ merged: 1, quarantined: 1 });
    expect(await warehouse.query('SELECT id, n FROM analytics.users ORDER BY id')).toEqual([
      { id: 1, n: 1 },
      { id: 2, n: 12 },
      { id: 44, n: 1 },
    ]);
    expect(await warehouse.query('SELECT reason, "column" FROM ops.quarantine ORDER BY position')).toEqual([
      { reason: 'type-mismatch', column: 'n' },
      { reason: 'type-mismatch', column: 'id' },
    ]);
  });

  it('that go are NULL from then on, and come back as they were; a rebuild gives the same', async () => {
    const batches = [
      fileOf(users(), { ...BASE, n: 'int4' }, [[1, { ...ann, n: 1 }]]),
      fileOf(users(), BASE, [[2, { ...ann, id: 2 }]]),
      fileOf(users(), { ...BASE, n: 'int4', extra: 'json' }, [[3, { ...ann, id: 3, n: 3, extra: '{"a":1}' }]]),
    ];
    await using fixture = await testWarehouse();
    for (const batch of batches) await loadGroup(fixture.warehouse, users(), [batch]);
    expect(await fixture.warehouse.query('SELECT id, n, extra FROM analytics.users ORDER BY id')).toEqual([
      { id: 1, n: 1, extra: null },
      { id: 2, n: null, extra: null },
      { id: 3, n: 3, extra: { a: 1 } },
    ]);
    await using rebuilt = await testWarehouse();
    await loadGroup(rebuilt.warehouse, users(), batches);
    expect(await warehouseDigest(rebuilt.warehouse)).toEqual(await warehouseDigest(fixture.warehouse));
    expect(await columnsOf(rebuilt.warehouse, 'raw.users')).toEqual(await columnsOf(fixture.warehouse, 'raw.users'));
  });
});
