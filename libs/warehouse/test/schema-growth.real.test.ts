import { describe, expect, it } from 'vitest';
import { loadGroup, warehouseDigest, type Warehouse } from '../src/index.js';
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

async function columnsOf(warehouse: Warehouse, relation: string): Promise<readonly string[]> {
  const rows = await warehouse.query<{ line: string }>(
    `SELECT attname || ' ' || format_type(atttypid, atttypmod) AS line FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [relation],
  );
  return rows.map((row) => row.line);
}

describe('schema growth', () => {
  it('is not stopped by a report on a column that goes: the report goes, with those on it', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const before = shop('n: { type: int4 }, gone: { type: int4 }');
    await loadGroup(warehouse, before, [
      rowsBatch(before, [{ position: positionOf(1), values: { id: 1, n: 5, gone: 6 } }]),
    ]);
    await warehouse.session(async (session) => {
      await session.run('CREATE VIEW report.losing AS SELECT id, gone FROM analytics.users');
      await session.run('CREATE VIEW report.on_it AS SELECT gone FROM report.losing');
      await session.run('CREATE VIEW report.staying AS SELECT id, n FROM analytics.users');
    });
    const after = shop('n: { type: int4 }');
    await loadGroup(warehouse, after, [rowsBatch(after, [{ position: positionOf(2), values: { id: 2, n: 7 } }])]);
    expect(await warehouse.query('SELECT id, n FROM report.staying ORDER BY id')).toHaveLength(2);
    const [standing] = await warehouse.query<{ views: readonly string[] }>(
      `SELECT array_agg(relname::text ORDER BY relname) AS views FROM pg_class
       WHERE relnamespace = 'report'::regnamespace AND relname NOT IN ('dictionary', 'freshness')`,
    );
    expect(standing?.views).toEqual(['staying']);
  });

  it('adds, widens, and puts another type beside, under views that go on serving', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const before = shop('n: { type: int4 }, amount: { type: "decimal(6,2)" }', 'history: scd2');
    await loadGroup(warehouse, before, [
      rowsBatch(before, [{ position: positionOf(1), values: { id: 1, n: 5, amount: '1.50' } }]),
    ]);
    await warehouse.session(async (session) => {
      await session.run('CREATE VIEW report.totals AS SELECT sum(n) AS total FROM analytics.users');
      await session.run(`COMMENT ON VIEW report.totals IS 'all of it'`);
      await session.run('GRANT SELECT ON report.totals TO PUBLIC');
    });
    const after = shop(
      'n: { type: int8 }, amount: { type: text }, born: { type: date, description: Birthday }',
      'history: scd2',
    );
    await loadGroup(warehouse, after, [
      rowsBatch(after, [{ position: positionOf(2), values: { id: 2, n: 5_000_000_000n, amount: 'much', born: 0 } }]),
    ]);
    expect(await warehouse.query('SELECT id, n, amount, born FROM analytics.users ORDER BY id')).toEqual([
      { id: 1, n: '5', amount: null, born: null },
      { id: 2, n: '5000000000', amount: 'much', born: '1970-01-01' },
    ]);
    expect(await columnsOf(warehouse, 'raw.users')).toContain('amount__2 text');
    expect(await columnsOf(warehouse, 'raw.users')).toContain('amount numeric(6,2)');
    expect(
      await warehouse.query("SELECT total, obj_description('report.totals'::regclass) AS said FROM report.totals"),
    ).toEqual([{ total: '5000000005', said: 'all of it' }]);
    const grants = await warehouse
      .query(`SELECT has_table_privilege('public', 'report.totals', 'SELECT') AS granted`)
      .catch(() => undefined);
    expect(
      grants ??
        (await warehouse.query(
          `SELECT relacl::text LIKE '%=r/%' AS granted FROM pg_class WHERE oid = 'report.totals'::regclass`,
        )),
    ).toEqual([{ granted: true }]);
    // A loader that still has the old contract writes where its own columns are.
    const late = await loadGroup(warehouse, before, [
      rowsBatch(before, [{ position: positionOf(3), values: { id: 3, n: 7, amount: '2.00' } }]),
    ]);
    expect(late.load?.counts.merged).toBe(1);
    expect(await warehouse.query('SELECT n, amount, amount__2 FROM raw.users WHERE id = 3')).toEqual([
      { n: '7', amount: '2.00', amount__2: null },
    ]);
  });

  it('stops, naming it, when a view of people stands in the way, and changes nothing', async () => {
    await using fixture = await testWarehouse();
    const { warehouse } = fixture;
    const before = shop('n: { type: int4 }');
    await loadGroup(warehouse, before, [rowsBatch(before, [{ position: positionOf(1), values: { id: 1, n: 5 } }])]);
    await warehouse.session((session) => session.run('CREATE VIEW custom.mine AS SELECT n FROM analytics.users'));
    const columns = await columnsOf(warehouse, 'raw.users');
    const digest = await warehouseDigest(warehouse);
    const wider = shop('n: { type: int8 }');
    await expect(
      loadGroup(warehouse, wider, [rowsBatch(wider, [{ position: positionOf(2), values: { id: 2, n: 1n } }])]),
    ).rejects.toMatchObject({
      code: 'warehouse/custom-view',
      message: expect.stringContaining('custom.mine') as string,
    });
    expect(await columnsOf(warehouse, 'raw.users')).toEqual(columns);
    expect(await warehouseDigest(warehouse)).toEqual(digest);
    // What disturbs nobody goes on.
    const more = shop('n: { type: int4 }, born: { type: date }');
    await loadGroup(warehouse, more, [
      rowsBatch(more, [{ position: positionOf(2), values: { id: 2, n: 1, born: 1 } }]),
    ]);
    expect(await warehouse.query('SELECT n FROM custom.mine ORDER BY n')).toEqual([{ n: 1 }, { n: 5 }]);
  });

  it('refuses another key', async () => {
    await using fixture = await testWarehouse();
    const before = shop('n: { type: int4 }');
    await loadGroup(fixture.warehouse, before, [
      rowsBatch(before, [{ position: positionOf(1), values: { id: 1, n: 5 } }]),
    ]);
    const other = datasetOf(
      'source: shop\nkind: postgres\nconnection: S\ndatasets:\n  users:\n    capture: { mode: full }\n    key: [n]\n    columns: { id: { type: int4 }, n: { type: int4 } }',
    );
    await expect(loadGroup(fixture.warehouse, other, [])).rejects.toMatchObject({ code: 'load/contract-frozen' });
  });

  it('holds names of 63 bytes', async () => {
    await using fixture = await testWarehouse();
    const name = 'x'.repeat(63);
    const long = (type: string) =>
      datasetOf(
        `source: s\nkind: postgres\nconnection: S\ndatasets:\n  ${name}:\n    capture: { mode: full }\n    history: scd2\n    key: [id]\n    columns: { id: { type: int4 }, ${name}: { type: ${type} } }`,
      );
    for (const [index, type] of ['text', 'date'].entries()) {
      const dataset = long(type);
      await loadGroup(fixture.warehouse, dataset, [
        rowsBatch(dataset, [
          { position: positionOf(index + 1), values: { id: index, [name]: type === 'text' ? 'a' : 1 } },
        ]),
      ]);
    }
    expect(await fixture.warehouse.query(`SELECT count(*) FROM analytics.${name}`)).toEqual([{ count: '2' }]);
  });
});
