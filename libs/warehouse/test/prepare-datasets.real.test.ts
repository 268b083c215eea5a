import { describe, expect, it } from 'vitest';
import { loadGroup, prepareDatasets } from '../src/index.js';
import { datasetOf, positionOf, rowsBatch } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const shop = (columns: string, extra = '') =>
  datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  users:
    capture: { mode: full }
    key: [id]
    ${extra}
    columns: { id: { type: int4 }, ${columns} }
`);

describe('prepared datasets', () => {
  it('have empty tables that the first load fills', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const users = shop('n: { type: int4 }');
    await prepareDatasets(warehouse, [users]);
    await prepareDatasets(warehouse, [users]);
    expect(await warehouse.query('SELECT id, n FROM analytics.users')).toEqual([]);
    await loadGroup(warehouse, users, [rowsBatch(users, [{ position: positionOf(1), values: { id: 1, n: 5 } }])]);
    expect(await warehouse.query('SELECT id, n FROM analytics.users')).toEqual([{ id: 1, n: 5 }]);
  });

  it('that stand already stay as they are, whatever the contract says now', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await prepareDatasets(warehouse, [shop('n: { type: int4 }')]);
    await prepareDatasets(warehouse, [shop('n: { type: int4 }, more: { type: text }')]);
    await expect(warehouse.query('SELECT more FROM analytics.users')).rejects.toThrow(/more/);
  });

  it('that are frozen are left to an operator', async () => {
    await using fixture = await testWarehouse();
    await prepareDatasets(fixture.warehouse, [shop('n: { type: int4 }', 'contract: { tables: freeze }')]);
    await expect(fixture.warehouse.query('SELECT n FROM analytics.users')).rejects.toThrow(/does not exist/);
  });
});
