import { testDatabase } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { migrate, openWarehouse, type Warehouse } from '../src/index.js';
import { testWarehouse } from './test-warehouse.js';

/** A user of its own, without any right but to make databases of its own and roles. */
async function withUser(act: (url: string) => Promise<void>): Promise<void> {
  await using database = await testDatabase();
  const name = `u_${database.name.slice(-12)}`;
  await using admin = openWarehouse(database.url);
  await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
  const url = new URL(database.url);
  [url.username, url.password] = [name, 'secret'];
  try {
    await admin.query(`ALTER DATABASE ${database.name} OWNER TO ${name}`);
    await act(url.href);
  } finally {
    await admin.query(`ALTER DATABASE ${database.name} OWNER TO CURRENT_USER`);
    await admin.query(`DROP OWNED BY ${name} CASCADE`);
    await admin.query(`DROP ROLE ${name}`);
  }
}

async function settingsOf(warehouse: Warehouse, role: string): Promise<readonly string[]> {
  const [row] = await warehouse.query<{ setconfig: readonly string[] }>(
    `SELECT setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole
     WHERE r.rolname = $1 AND s.setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    [role],
  );
  return row?.setconfig ?? [];
}

describe('the readers’ roles', () => {
  it('have limits in the database that was migrated', async () => {
    await using database = await testDatabase();
    await migrate({ warehouseUrl: database.url });
    await using warehouse = openWarehouse(database.url);
    const limits = [
      'default_transaction_read_only=on',
      'statement_timeout=60s',
      'idle_in_transaction_session_timeout=60s',
    ];
    expect(await settingsOf(warehouse, 'bi_reader')).toEqual([...limits, 'search_path=report']);
    expect(await settingsOf(warehouse, 'analyst')).toEqual([...limits, 'search_path=report, analytics, history']);
  });

  it('are made by many migrations of one server at once', async () => {
    const databases = await Promise.all(Array.from({ length: 6 }, () => testDatabase()));
    try {
      const results = await Promise.all(databases.map(({ url }) => migrate({ warehouseUrl: url })));
      expect(results.flatMap(({ notes }) => notes)).toEqual([]);
    } finally {
      await Promise.all(databases.map((database) => database.drop()));
    }
  });

  it('can be taken for reading, with no more than their rights and no way to write', async () => {
    await using test = await testWarehouse();
    await test.warehouse.session(async (session) => {
      await session.run('CREATE TABLE report_store.numbers AS SELECT 7 AS n');
      await session.run('CREATE VIEW report.numbers AS SELECT n FROM report_store.numbers');
      await session.run('CREATE TABLE analytics.rows AS SELECT 8 AS n');
      await session.run('CREATE TABLE history.rows AS SELECT 9 AS n');
      await session.run('CREATE TABLE raw.rows AS SELECT 10 AS n');
    });
    await using readers = openWarehouse(test.url, { role: 'bi_reader', readOnly: true });
    await using analysts = openWarehouse(test.url, { role: 'analyst', readOnly: true });
    expect(await readers.query('SELECT n FROM report.numbers')).toEqual([{ n: 7 }]);
    expect(await analysts.query('SELECT n FROM analytics.rows UNION ALL SELECT n FROM history.rows')).toHaveLength(2);
    for (const hidden of ['report_store.numbers', 'analytics.rows', 'history.rows', 'raw.rows', 'ops.report'])
      await expect(readers.query(`SELECT * FROM ${hidden}`)).rejects.toMatchObject({ code: 'warehouse/denied' });
    for (const hidden of ['report_store.numbers', 'raw.rows', 'ops.batch', 'ops.token'])
      await expect(analysts.query(`SELECT * FROM ${hidden}`)).rejects.toMatchObject({ code: 'warehouse/denied' });
    expect(await readers.query('SELECT * FROM report.freshness')).toEqual([]);
    expect(await readers.query('SELECT * FROM report.dictionary')).toEqual([]);
    await using operators = openWarehouse(test.url, { readOnly: true });
    await expect(operators.query('DELETE FROM ops.load')).rejects.toMatchObject({ code: 'warehouse/denied' });
    await expect(readers.session((session) => session.run('CREATE TABLE report.t ()'))).rejects.toMatchObject({
      code: 'warehouse/denied',
    });
  });

  it('that this user may not take or limit are told, and the rest is migrated', async () => {
    await using first = await testDatabase();
    await migrate({ warehouseUrl: first.url });
    await withUser(async (url) => {
      const { notes } = await migrate({ warehouseUrl: url });
      expect(notes).toHaveLength(4);
      expect(notes.join('\n')).toMatch(/GRANT bi_reader TO u_/);
      expect(notes.join('\n')).toMatch(/role analyst has no limits of its own/);
    });
  });
});
