import { describe, expect, it } from 'vitest';
import { examineDesk, LOGGED, USERS } from '../../test/examine-desk.js';
import type { ExaminedTable } from './source-fault.js';

describe('examineSource', () => {
  it('finds nothing where nothing is wrong', async () => {
    await using desk = await examineDesk(`ALTER ROLE :role REPLICATION; GRANT CREATE ON DATABASE :database TO :role;
      ALTER TABLE users OWNER TO :role`);
    expect(await desk.examine([LOGGED])).toEqual([]);
  });

  it('names a table or column that is missing, and what was probably meant', async () => {
    await using desk = await examineDesk();
    const [table, column] = await desk.examine([
      { name: 'public.user', mode: 'full', key: [] },
      { ...USERS, columns: ['nmae', 'unheard_of'] },
    ]);
    expect(table).toMatchObject({ rule: 'table-missing', message: expect.stringContaining('public.users?') as string });
    expect(column).toMatchObject({ rule: 'column-missing', message: expect.stringContaining('mean name?') as string });
  });

  it('mends a missing privilege on schema and table, partitions included', async () => {
    await using desk = await examineDesk();
    await desk.admin
      .query(`CREATE SCHEMA "My shop"; CREATE TABLE "My shop"."Orders" (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE "My shop".first PARTITION OF "My shop"."Orders" FOR VALUES FROM (0) TO (10)`);
    const examine = () => desk.examine([{ name: '"My shop"."Orders"', mode: 'full', key: ['id'] }]);
    const usage = await desk.mended(examine, 'schema-usage');
    expect(usage.mend).toContain(desk.role);
    await desk.mended(examine, 'table-select');
    expect(await examine()).toEqual([]);
    expect((await desk.reader.query('SELECT * FROM "My shop".first')).rowCount).toBe(0);
  });

  it('mends row level security that hides rows', async () => {
    await using desk = await examineDesk('ALTER TABLE users ENABLE ROW LEVEL SECURITY');
    await desk.mended(() => desk.examine([USERS]), 'row-security');
  });

  it.each([
    ['a key without an index', 'key-not-unique', '', ['name']],
    ['a key that may be NULL', 'key-not-unique', 'CREATE UNIQUE INDEX ON users (name)', ['name']],
    [
      'a key with a partial index',
      'key-not-unique',
      'ALTER TABLE users ALTER name SET NOT NULL; CREATE UNIQUE INDEX ON users (name) WHERE id > 0',
      ['name'],
    ],
  ] as const)('mends %s', async (_, rule, sql, key) => {
    await using desk = await examineDesk(sql);
    await desk.mended(() => desk.examine([{ ...USERS, key }]), rule);
  });

  it('names foreign partitions, and tables that others inherit from', async () => {
    await using desk =
      await examineDesk(`CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER away FOREIGN DATA WRAPPER nothing;
      CREATE TABLE parts (id int) PARTITION BY LIST (id); CREATE FOREIGN TABLE far PARTITION OF parts FOR VALUES IN (1) SERVER away;
      CREATE TABLE heirs () INHERITS (users)`);
    const faults = await desk.examine([{ name: 'parts', mode: 'full', key: [] }, USERS]);
    expect(faults.map(({ rule, severity }) => [rule, severity])).toEqual([
      ['table-select', 'stop'],
      ['foreign-partition', 'stop'],
      ['inherited', 'warn'],
    ]);
    expect(faults[1]?.message).toContain('"public"."far"');
  });

  it('mends a cursor that nothing sets and that has no index', async () => {
    await using desk = await examineDesk();
    const wanted: ExaminedTable = { ...USERS, mode: 'watermark', cursor: 'updated_at' };
    await desk.mended(() => desk.examine([wanted]), 'cursor-index');
    const fault = await desk.mended(() => desk.examine([wanted]), 'cursor-not-set');
    expect(fault.severity).toBe('warn');
    const stamped = await desk.admin.query('INSERT INTO users VALUES (1) RETURNING updated_at = now() AS stamped');
    expect(stamped.rows).toEqual([{ stamped: true }]);
  });

  it('warns of a default without a trigger for times, and takes a serial as it is', async () => {
    await using desk = await examineDesk(
      'ALTER TABLE users ALTER updated_at SET DEFAULT now(); CREATE INDEX ON users (updated_at); CREATE TABLE facts (id serial PRIMARY KEY); GRANT SELECT ON facts TO PUBLIC',
    );
    const faults = await desk.examine([
      { ...USERS, mode: 'watermark', cursor: 'updated_at' },
      { name: 'facts', mode: 'watermark', cursor: 'id', key: ['id'] },
    ]);
    expect(faults).toMatchObject([{ rule: 'cursor-not-set', message: expect.stringContaining('at UPDATE') as string }]);
  });
});
