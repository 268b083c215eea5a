import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '@rollcall/testkit';
import { checkSchema, describeSchema, migrate, openOps, openWarehouse, SCHEMA_VERSION } from '../src/index.js';

const DUMP = new URL('../schema.sql', import.meta.url);

describe('migrate', () => {
  it('makes what the committed schema.sql says, and running it again changes nothing', async () => {
    await using database = await testDatabase();
    const first = await migrate({ warehouseUrl: database.url });
    expect(first).toEqual({
      applied: [
        '0001-ledger',
        '0002-reports',
        '0003-source-columns',
        'RunsAndAudit1795000000001',
        'Tokens1796000000001',
      ],
      version: SCHEMA_VERSION,
      notes: [],
    });
    await using warehouse = openWarehouse(database.url);
    const made = await warehouse.session(describeSchema);
    // A changed schema is a change to review: delete the file to have it written anew.
    if (!existsSync(DUMP)) {
      writeFileSync(DUMP, made);
      expect.fail('schema.sql was not there; it is now: review and commit it');
    }
    expect(made).toBe(readFileSync(DUMP, 'utf8'));
    expect(await migrate({ warehouseUrl: database.url })).toEqual({ applied: [], version: SCHEMA_VERSION, notes: [] });
    expect(await warehouse.session(describeSchema)).toBe(made);
    await checkSchema(warehouse);
  });

  it('puts the application’s tables where OPS_URL says', async () => {
    await using database = await testDatabase();
    await using elsewhere = await testDatabase();
    await migrate({ warehouseUrl: database.url, opsUrl: elsewhere.url });
    await using ops = await openOps(elsewhere.url);
    const run = {
      runId: 'r1',
      kind: 'logs' as const,
      source: 'app',
      read: 5_000_000_000,
      batches: 2,
      rejected: 1,
      verdict: 'succeeded' as const,
      requestedBy: 'ann',
      startedAt: '2026-01-02T03:04:05.123456Z',
      finishedAt: '2026-01-02T03:04:06Z',
    };
    await ops.recordRun(run);
    await ops.recordRun({ ...run, read: 7 });
    expect(await ops.recentRuns(5)).toEqual([
      {
        ...run,
        dataset: null,
        code: null,
        trace: null,
        read: '5000000000',
        batches: '2',
        rejected: '1',
        finishedAt: '2026-01-02T03:04:06.000000Z',
      },
    ]);
    expect(await ops.findRun('r1')).toEqual((await ops.recentRuns(1))[0]);
    expect(await ops.findRun('r2')).toBeUndefined();
    await ops.audit({ actor: 'ann', action: 'quarantine.discard', subject: 'answers', details: { entries: 3 } });
    expect(await ops.recentAudit(5)).toEqual([expect.objectContaining({ actor: 'ann', details: { entries: 3 } })]);
  });

  it('lets two run at once', async () => {
    await using database = await testDatabase();
    const results = await Promise.all([
      migrate({ warehouseUrl: database.url }),
      migrate({ warehouseUrl: database.url }),
    ]);
    expect(results.map((result) => result.applied.length).sort()).toEqual([0, 5]);
  });

  it('makes the readers’ roles, who see no more than theirs', async () => {
    await using database = await testDatabase();
    await migrate({ warehouseUrl: database.url });
    await using warehouse = openWarehouse(database.url);
    await warehouse.session(async (session) => {
      await session.run('CREATE TABLE report.numbers (n int)');
      await session.run('CREATE TABLE analytics.rows (n int)');
    });
    const sees = async (role: string, table: string) =>
      (
        await warehouse.query<{ sees: boolean }>(
          `SELECT has_table_privilege($1, $2, 'SELECT') AND has_schema_privilege($1, split_part($2, '.', 1), 'USAGE') AS sees`,
          [role, table],
        )
      )[0]?.sees;
    expect([
      await sees('bi_reader', 'report.numbers'),
      await sees('bi_reader', 'analytics.rows'),
      await sees('bi_reader', 'ops.batch'),
    ]).toEqual([true, false, false]);
    expect([
      await sees('analyst', 'report.numbers'),
      await sees('analyst', 'analytics.rows'),
      await sees('analyst', 'ops.batch'),
    ]).toEqual([true, true, false]);
  });

  it('tells services of a schema that is behind, or too new for them', async () => {
    await using database = await testDatabase();
    await using warehouse = openWarehouse(database.url);
    await expect(checkSchema(warehouse)).rejects.toMatchObject({ code: 'warehouse/schema-behind' });
    await migrate({ warehouseUrl: database.url });
    await warehouse.query(
      `INSERT INTO ops.schema_version (version, name, sha256, min_safe_version) VALUES (99, 'later', '', 1)`,
    );
    await checkSchema(warehouse);
    await warehouse.query('UPDATE ops.schema_version SET min_safe_version = 99 WHERE version = 99');
    await expect(checkSchema(warehouse)).rejects.toMatchObject({ code: 'warehouse/schema-newer' });
    await expect(migrate({ warehouseUrl: database.url })).rejects.toMatchObject({ code: 'warehouse/schema-newer' });
  });

  it('says who cannot be reached, and who may not', async () => {
    await using database = await testDatabase();
    await expect(migrate({ warehouseUrl: 'postgres://nobody@127.0.0.1:1/none' })).rejects.toMatchObject({
      code: 'warehouse/unavailable',
    });
    await migrate({ warehouseUrl: database.url });
    await using warehouse = openWarehouse(database.url, { lockTimeoutMs: 50, statementTimeoutMs: 2_000 });
    await expect(warehouse.query('SELECT pg_sleep(5)')).rejects.toMatchObject({ code: 'warehouse/timeout' });
    await expect(
      warehouse.session(async (session) => {
        await session.run('SET ROLE bi_reader');
        await session.run('SELECT * FROM ops.batch');
      }),
    ).rejects.toMatchObject({ code: 'warehouse/denied' });
  });
});
