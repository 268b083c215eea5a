import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { examineDesk, LOGGED, PUBLICATION } from '../../test/examine-desk.js';
import { connectSource } from '../connect/connect-source.js';
import { ensurePublication } from '../slots/ensure-publication.js';
import type { ExaminedTable } from './source-fault.js';

describe('examineSource of tables whose log is read', () => {
  it('names all faults at once', async () => {
    await using desk = await examineDesk('CREATE VIEW v AS SELECT 1 AS id');
    const faults = await desk.examine([
      LOGGED,
      { name: 'public.nobody', mode: 'full', key: [] },
      { name: 'v', mode: 'log', key: [] },
    ]);
    expect(faults.map((fault) => fault.rule).sort()).toEqual([
      'not-in-log',
      'publication-missing',
      'replication-role',
      'table-missing',
      'table-select',
    ]);
  });

  it('warns of a key other than the primary key, and stops where the log does not give it of deleted rows', async () => {
    await using desk = await examineDesk(
      'ALTER TABLE users ALTER name SET NOT NULL; CREATE UNIQUE INDEX by_name ON users (name)',
    );
    const wanted: ExaminedTable = { ...LOGGED, key: ['name'] };
    expect(await desk.examine([{ ...wanted, mode: 'full' }])).toMatchObject([
      { rule: 'key-differs', severity: 'warn' },
    ]);
    const fault = await desk.mended(() => desk.examine([wanted]), 'key-not-in-identity');
    expect(fault.mend).toBe('ALTER TABLE "public"."users" REPLICA IDENTITY USING INDEX "by_name";');
  });

  it('mends a table without a key whose deletes would not say which row', async () => {
    await using desk = await examineDesk();
    await desk.mended(() => desk.examine([{ ...LOGGED, key: [] }]), 'key-not-in-identity');
  });

  it('mends tables without replica identity, also below a partitioned one, and never publishes them', async () => {
    await using desk =
      await examineDesk(`ALTER TABLE users REPLICA IDENTITY NOTHING; CREATE TABLE parts (id int, at date) PARTITION BY LIST (id);
      CREATE TABLE part_one PARTITION OF parts FOR VALUES IN (1)`);
    const tables: ExaminedTable[] = [LOGGED, { name: 'parts', mode: 'log', key: [] }];
    const publish = () =>
      ensurePublication(desk.admin, {
        publication: PUBLICATION,
        tables: [
          { schema: 'public', name: 'users' },
          { schema: 'public', name: 'parts' },
        ],
      });
    await expect(publish()).rejects.toMatchObject({
      code: 'source/unfit',
      message: expect.stringContaining('public.part_one, public.users') as string,
    });
    const fault = await desk.mended(() => desk.examine(tables), 'replica-identity');
    expect(fault.message).toContain('public.part_one, public.users');
    await publish();
    await desk.admin.query(
      "INSERT INTO users VALUES (1); INSERT INTO parts VALUES (1); UPDATE users SET name = 'x'; UPDATE parts SET at = now(); DELETE FROM parts; DELETE FROM users",
    );
  });

  it('names what has no log', async () => {
    await using desk =
      await examineDesk(`CREATE UNLOGGED TABLE fast (id int PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS id;
      CREATE MATERIALIZED VIEW m AS SELECT 1 AS id; CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER away FOREIGN DATA WRAPPER nothing;
      CREATE FOREIGN TABLE f (id int) SERVER away`);
    const tables = ['v', 'm', 'f'].map((name): ExaminedTable => ({ name, mode: 'log', key: [] }));
    const faults = (await desk.examine(tables)).filter((fault) => fault.rule === 'not-in-log');
    expect(faults.map((fault) => fault.message)).toEqual([
      expect.stringContaining('v: it is a view'),
      expect.stringContaining('m: it is a materialized view'),
      expect.stringContaining('f: it is a foreign table'),
    ]);
    await desk.mended(() => desk.examine([{ name: 'fast', mode: 'log', key: ['id'] }]), 'not-in-log');
  });

  it('mends a role that may not replicate', async () => {
    await using desk = await examineDesk();
    await desk.mended(() => desk.examine([LOGGED]), 'replication-role');
    await (await connectSource(desk.readerUrl, { applicationName: 'reader', replication: 'database' })).end();
  });

  it('mends a publication that is missing', async () => {
    await using desk = await examineDesk();
    await desk.mended(() => desk.examine([LOGGED]), 'publication-missing');
    await desk.admin.query('DROP PUBLICATION "roll ""call"""');
    await desk.mended(() => desk.examine([LOGGED], { create: false }), 'publication-missing');
  });

  it('mends a slot that is missing where it is not ours to make, and one of another kind', async () => {
    await using desk = await examineDesk();
    const slot = `it_${randomBytes(6).toString('hex')}`;
    const examine = () => desk.examine([LOGGED], { create: false, slot });
    await desk.mended(examine, 'slot-missing');
    await desk.admin.query('SELECT pg_drop_replication_slot($1)', [slot]);
    await desk.admin.query('SELECT pg_create_physical_replication_slot($1)', [slot]);
    await desk.mended(() => desk.examine([LOGGED], { slot }), 'slot-foreign');
  });

  it.each([
    ['lacks a table', 'publication-tables', 'CREATE PUBLICATION "roll ""call"""'],
    [
      'lacks operations',
      'publication-operations',
      `CREATE PUBLICATION "roll ""call""" FOR TABLE users WITH (publish = 'insert')`,
    ],
    ['has a row filter', 'publication-filter', 'CREATE PUBLICATION "roll ""call""" FOR TABLE users WHERE (id > 5)'],
    ['has a column list', 'publication-filter', 'CREATE PUBLICATION "roll ""call""" FOR TABLE users (id)'],
  ] as const)('mends a publication that %s', async (_, rule, sql) => {
    await using desk = await examineDesk(sql);
    await desk.mended(() => desk.examine([LOGGED]), rule);
  });

  it('mends a publication that gives partitions their own names', async () => {
    await using desk = await examineDesk(
      `CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE PUBLICATION "roll ""call""" FOR TABLE parts`,
    );
    await desk.mended(() => desk.examine([{ name: 'parts', mode: 'log', key: ['id'] }]), 'publication-root');
  });

  it('takes a publication for all tables or a schema as one that has the table', async () => {
    await using desk = await examineDesk(`CREATE PUBLICATION "roll ""call""" FOR ALL TABLES`);
    const rules = async () => (await desk.examine([LOGGED])).map((fault) => fault.rule);
    expect(await rules()).toEqual(['replication-role']);
    await desk.admin.query(
      'DROP PUBLICATION "roll ""call"""; CREATE PUBLICATION "roll ""call""" FOR TABLES IN SCHEMA public',
    );
    expect(await rules()).toEqual(['replication-role']);
  });

  it('warns of generated columns that the log does not give', async () => {
    await using desk = await examineDesk(
      'CREATE TABLE sums (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a + 1) STORED); CREATE PUBLICATION "roll ""call""" FOR TABLE sums',
    );
    const examine = () => desk.examine([{ name: 'sums', mode: 'log', key: ['a'] }]);
    const fault = (await examine()).find((each) => each.rule === 'generated-column');
    expect(fault).toMatchObject({ severity: 'warn', message: expect.stringContaining(': b') as string });
    const version = await desk.admin.query("SELECT current_setting('server_version_num')::int >= 180000 AS mends");
    if ((version.rows[0] as { mends: boolean }).mends) await desk.mended(examine, 'generated-column');
    else expect(fault).not.toHaveProperty('mend');
  });
});
