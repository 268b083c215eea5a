import { describe, expect, it } from 'vitest';
import { loadGroup, type StagedBatch, type Warehouse } from '../src/index.js';
import { datasetOf, logBatch, positionOf, type TestRow } from './batches.js';
import { testWarehouse } from './test-warehouse.js';

const HITS = datasetOf(`
source: shop
kind: postgres
connection: SHOP_URL
datasets:
  hits:
    capture: { mode: log }
    contract: { types: quarantine }
    columns: { page: { type: text }, at: { type: timestamptz }, size: { type: numeric } }
`);

const hit = (point: number, page: string, op: 'u' | 'd' | 't' = 'u'): TestRow =>
  op === 't'
    ? { op, position: positionOf(point), scope: '[]' }
    : { op, position: positionOf(point), values: { page, at: 1_000_000n, size: '1.50' } };

function part(after: number | undefined, ...rows: readonly TestRow[]): StagedBatch {
  return logBatch(HITS, rows, after === undefined ? undefined : positionOf(after));
}

async function standing(warehouse: Warehouse): Promise<readonly string[]> {
  const rows = await warehouse.query<{ line: string }>(
    `SELECT page || ' ' || position.at AS line FROM analytics.hits, LATERAL (SELECT ('x' || substr(_position, 6, 16))::bit(64)::bigint AS at) position ORDER BY position.at`,
  );
  return rows.map(({ line }) => line);
}

describe('the log of a table without a key', () => {
  it('ends one row per deletion, of equal ones the first, also within one load', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, HITS, [part(undefined, hit(1, 'a'), hit(2, 'a'), hit(3, 'b'))]);
    const { load } = await loadGroup(warehouse, HITS, [
      part(3, hit(4, 'a', 'd'), hit(5, 'c'), hit(6, 'c', 'd'), hit(7, 'c')),
    ]);
    expect(load?.counts).toMatchObject({ in: 4, merged: 4 });
    expect(await standing(warehouse)).toEqual(['a 2', 'b 3', 'c 7']);
  });

  it('ends nothing twice, whatever part of it comes again', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const rows = [hit(1, 'a'), hit(2, 'a'), hit(3, 'a', 'd'), hit(4, 'a'), hit(5, 'a', 'd')];
    await loadGroup(warehouse, HITS, [part(undefined, ...rows.slice(0, 3))]);
    const again = await loadGroup(warehouse, HITS, [part(undefined, ...rows.slice(0, 4))]);
    expect(again.load?.counts).toMatchObject({ in: 4, merged: 1, duplicate: 2, superseded: 1 });
    await loadGroup(warehouse, HITS, [part(2, ...rows.slice(2)), part(undefined, ...rows)]);
    expect(await standing(warehouse)).toEqual(['a 4']);
  });

  it('makes a deletion wait that finds no row which says the same', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const { load } = await loadGroup(warehouse, HITS, [
      part(undefined, hit(1, 'a'), hit(2, '', 't'), hit(3, 'a', 'd'), hit(4, 'b'), hit(5, 'b', 'd'), hit(6, 'b', 'd')),
    ]);
    expect(load?.counts).toMatchObject({ in: 6, quarantined: 2, merged: 3, superseded: 1 });
    expect(await warehouse.query('SELECT reason FROM ops.quarantine')).toEqual([
      { reason: 'base-missing' },
      { reason: 'base-missing' },
    ]);
    expect(await standing(warehouse)).toEqual([]);
  });

  it('knows a row also by columns that came later, and in another form of the same type', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    await loadGroup(warehouse, HITS, [part(undefined, hit(1, 'a'), hit(2, 'b'), hit(3, 'b', 'd'))]);
    const more = (row: TestRow): TestRow => ({ ...row, values: { ...row.values, more: null } });
    const columns = [
      ...HITS.columns,
      {
        name: 'more',
        type: { name: 'text' as const },
        from: ['more'],
        trim: false,
        lower: false,
        pii: 'keep' as const,
      },
    ];
    const later = logBatch(HITS, [more(hit(4, 'a', 'd'))], positionOf(3), { columns });
    expect((await loadGroup(warehouse, HITS, [later])).load?.counts).toMatchObject({ merged: 1 });
    expect(await standing(warehouse)).toEqual([]);
  });
});
