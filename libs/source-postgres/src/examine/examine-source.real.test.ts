import { startPostgres, type PostgresServer } from '@rollcall/embedded';
import { testDatabase, testFolder } from '@rollcall/testkit';
import { randomBytes } from 'node:crypto';
import { chmod } from 'node:fs/promises';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, afterEach, describe, expect, it } from 'vitest';
import { connectSource } from '../connect/connect-source.js';
import { ensurePublication } from '../slots/ensure-publication.js';
import { examineSource } from './examine-source.js';
import type { Examination, ExaminedTable, SourceFault } from './source-fault.js';

const ROLE = `Reader "${randomBytes(6).toString('hex')}"`;

/** A role without rights of its own, and the superuser who mends. */
interface Desk {
  readonly admin: pg.Client;
  readonly reader: pg.Client;
  examine(tables: readonly ExaminedTable[], more?: Partial<Examination>): Promise<readonly SourceFault[]>;
  end(): Promise<void>;
}

let database: Awaited<ReturnType<typeof testDatabase>>;
let desk: Desk;

beforeEach(async () => {
  database = await testDatabase();
  desk = await openDesk(database.url);
});

afterEach(async () => {
  await desk.end();
  await database.drop();
});

async function openDesk(url: string): Promise<Desk> {
  const admin = await connectSource(url, { applicationName: 'admin' });
  await admin.query(`CREATE ROLE ${quoted(ROLE)} LOGIN PASSWORD 'secret'; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
  const at = new URL(url);
  at.username = encodeURIComponent(ROLE);
  at.password = 'secret';
  const reader = await connectSource(at.href, { applicationName: 'reader' });
  return {
    admin,
    reader,
    examine: (tables, more = {}) =>
      examineSource(reader, { tables, slot: 'rollcall_it', publication: 'roll "call"', create: true, ...more }),
    async end() {
      await reader.end();
      await admin.query(`DROP OWNED BY ${quoted(ROLE)}; DROP ROLE ${quoted(ROLE)}`);
      await admin.end();
    },
  };
}

const quoted = (name: string): string => pg.escapeIdentifier(name);
const USERS: ExaminedTable = { name: 'public.users', mode: 'full', key: ['id'] };
const LOGGED: ExaminedTable = { ...USERS, mode: 'log' };

/** The fault of a rule, which must be there; mends it and shows that it is gone. */
async function mended(examine: () => Promise<readonly SourceFault[]>, rule: SourceFault['rule']): Promise<SourceFault> {
  const before = await examine();
  const fault = before.find((each) => each.rule === rule);
  expect(fault, `${rule} among ${before.map((each) => each.rule).join(', ')}`).toBeDefined();
  if (fault?.mend === undefined) throw new Error(`${rule} has no mend`);
  await runSql(desk.admin, fault.mend);
  expect((await examine()).map((each) => each.rule)).not.toContain(rule);
  return fault;
}

async function runSql(admin: pg.Client, sql: string): Promise<void> {
  for (const line of sql.split('\n')) await admin.query(line);
}

async function users(sql = ''): Promise<void> {
  await desk.admin.query(`
    CREATE TABLE users (id int PRIMARY KEY, name text, updated_at timestamptz);
    GRANT SELECT ON users TO ${quoted(ROLE)}; ${sql}`);
}

describe('examineSource', () => {
  it('finds nothing where nothing is wrong', async () => {
    await users(`ALTER ROLE ${quoted(ROLE)} REPLICATION; GRANT CREATE ON DATABASE ${database.name} TO ${quoted(ROLE)};
      ALTER TABLE users OWNER TO ${quoted(ROLE)}`);
    expect(await desk.examine([LOGGED])).toEqual([]);
  });

  it('names all faults at once', async () => {
    await users('CREATE VIEW v AS SELECT 1 AS id');
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

  it('names a table or column that is missing, and what was probably meant', async () => {
    await users();
    const [table, column] = await desk.examine([
      { name: 'public.user', mode: 'full', key: [] },
      { ...USERS, columns: ['nmae', 'unheard_of'] },
    ]);
    expect(table).toMatchObject({ rule: 'table-missing', message: expect.stringContaining('public.users?') as string });
    expect(column).toMatchObject({ rule: 'column-missing', message: expect.stringContaining('mean name?') as string });
  });

  it('mends a missing privilege on schema and table, partitions included', async () => {
    await desk.admin
      .query(`CREATE SCHEMA "My shop"; CREATE TABLE "My shop"."Orders" (id int PRIMARY KEY) PARTITION BY RANGE (id);
      CREATE TABLE "My shop".first PARTITION OF "My shop"."Orders" FOR VALUES FROM (0) TO (10)`);
    const examine = () => desk.examine([{ name: '"My shop"."Orders"', mode: 'full', key: ['id'] }]);
    const usage = await mended(examine, 'schema-usage');
    expect(usage.message).toContain(ROLE);
    await mended(examine, 'table-select');
    expect(await examine()).toEqual([]);
    expect((await desk.reader.query('SELECT * FROM "My shop".first')).rowCount).toBe(0);
  });

  it('mends row level security that hides rows', async () => {
    await users('ALTER TABLE users ENABLE ROW LEVEL SECURITY');
    await mended(() => desk.examine([USERS]), 'row-security');
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
    await users(sql);
    await mended(() => desk.examine([{ ...USERS, key }]), rule);
  });

  it('warns of a key other than the primary key, and stops where the log does not give it of deleted rows', async () => {
    await users('ALTER TABLE users ALTER name SET NOT NULL; CREATE UNIQUE INDEX by_name ON users (name)');
    const wanted: ExaminedTable = { ...LOGGED, key: ['name'] };
    expect(await desk.examine([{ ...wanted, mode: 'full' }])).toMatchObject([
      { rule: 'key-differs', severity: 'warn' },
    ]);
    const fault = await mended(() => desk.examine([wanted]), 'key-not-in-identity');
    expect(fault.mend).toBe('ALTER TABLE "public"."users" REPLICA IDENTITY USING INDEX "by_name";');
  });

  it('mends a table without a key whose deletes would not say which row', async () => {
    await users();
    await mended(() => desk.examine([{ ...LOGGED, key: [] }]), 'key-not-in-identity');
  });

  it('mends tables without replica identity, also below a partitioned one, and never publishes them', async () => {
    await users(`ALTER TABLE users REPLICA IDENTITY NOTHING; CREATE TABLE parts (id int, at date) PARTITION BY LIST (id);
      CREATE TABLE part_one PARTITION OF parts FOR VALUES IN (1)`);
    const tables: ExaminedTable[] = [LOGGED, { name: 'parts', mode: 'log', key: [] }];
    const publish = () =>
      ensurePublication(desk.admin, {
        publication: 'roll "call"',
        tables: [
          { schema: 'public', name: 'users' },
          { schema: 'public', name: 'parts' },
        ],
      });
    await expect(publish()).rejects.toMatchObject({
      code: 'source/unfit',
      message: expect.stringContaining('public.part_one, public.users') as string,
    });
    const fault = await mended(() => desk.examine(tables), 'replica-identity');
    expect(fault.message).toContain('public.part_one, public.users');
    await publish();
    await desk.admin.query(
      "INSERT INTO users VALUES (1); INSERT INTO parts VALUES (1); UPDATE users SET name = 'x'; UPDATE parts SET at = now(); DELETE FROM parts; DELETE FROM users",
    );
  });

  it('names what has no log', async () => {
    await users(`CREATE UNLOGGED TABLE fast (id int PRIMARY KEY); CREATE VIEW v AS SELECT 1 AS id;
      CREATE MATERIALIZED VIEW m AS SELECT 1 AS id; CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER away FOREIGN DATA WRAPPER nothing;
      CREATE FOREIGN TABLE f (id int) SERVER away`);
    const tables = ['v', 'm', 'f'].map((name): ExaminedTable => ({ name, mode: 'log', key: [] }));
    const faults = (await desk.examine(tables)).filter((fault) => fault.rule === 'not-in-log');
    expect(faults.map((fault) => fault.message)).toEqual([
      expect.stringContaining('v: it is a view'),
      expect.stringContaining('m: it is a materialized view'),
      expect.stringContaining('f: it is a foreign table'),
    ]);
    await mended(() => desk.examine([{ name: 'fast', mode: 'log', key: ['id'] }]), 'not-in-log');
  });

  it('names foreign partitions, and tables that others inherit from', async () => {
    await users(`CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER away FOREIGN DATA WRAPPER nothing;
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
    await users();
    const wanted: ExaminedTable = { ...USERS, mode: 'watermark', cursor: 'updated_at' };
    await mended(() => desk.examine([wanted]), 'cursor-index');
    const fault = await mended(() => desk.examine([wanted]), 'cursor-not-set');
    expect(fault.severity).toBe('warn');
    const stamped = await desk.admin.query('INSERT INTO users VALUES (1) RETURNING updated_at = now() AS stamped');
    expect(stamped.rows).toEqual([{ stamped: true }]);
  });

  it('warns of a default without a trigger for times, and takes a serial as it is', async () => {
    await users(
      'ALTER TABLE users ALTER updated_at SET DEFAULT now(); CREATE INDEX ON users (updated_at); CREATE TABLE facts (id serial PRIMARY KEY); GRANT SELECT ON facts TO PUBLIC',
    );
    const faults = await desk.examine([
      { ...USERS, mode: 'watermark', cursor: 'updated_at' },
      { name: 'facts', mode: 'watermark', cursor: 'id', key: ['id'] },
    ]);
    expect(faults).toMatchObject([{ rule: 'cursor-not-set', message: expect.stringContaining('at UPDATE') as string }]);
  });

  it('mends a role that may not replicate', async () => {
    await users();
    await mended(() => desk.examine([LOGGED]), 'replication-role');
    const at = new URL(database.url);
    at.username = encodeURIComponent(ROLE);
    at.password = 'secret';
    await (await connectSource(at.href, { applicationName: 'reader', replication: 'database' })).end();
  });

  it('mends a publication that is missing', async () => {
    await users();
    await mended(() => desk.examine([LOGGED]), 'publication-missing');
    await desk.admin.query('DROP PUBLICATION "roll ""call"""');
    await mended(() => desk.examine([LOGGED], { create: false }), 'publication-missing');
  });

  it('mends a slot that is missing where it is not ours to make, and one of another kind', async () => {
    await users();
    const slot = `it_${randomBytes(6).toString('hex')}`;
    const examine = () => desk.examine([LOGGED], { create: false, slot });
    await mended(examine, 'slot-missing');
    await desk.admin.query('SELECT pg_drop_replication_slot($1)', [slot]);
    await desk.admin.query('SELECT pg_create_physical_replication_slot($1)', [slot]);
    await mended(() => desk.examine([LOGGED], { slot }), 'slot-foreign');
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
    await users(sql);
    await mended(() => desk.examine([LOGGED]), rule);
  });

  it('mends a publication that gives partitions their own names', async () => {
    await users(
      `CREATE TABLE parts (id int PRIMARY KEY) PARTITION BY LIST (id); CREATE PUBLICATION "roll ""call""" FOR TABLE parts`,
    );
    await mended(() => desk.examine([{ name: 'parts', mode: 'log', key: ['id'] }]), 'publication-root');
  });

  it('takes a publication for all tables or a schema as one that has the table', async () => {
    await users(`CREATE PUBLICATION "roll ""call""" FOR ALL TABLES`);
    const rules = async () => (await desk.examine([LOGGED])).map((fault) => fault.rule);
    expect(await rules()).toEqual(['replication-role']);
    await desk.admin.query(
      'DROP PUBLICATION "roll ""call"""; CREATE PUBLICATION "roll ""call""" FOR TABLES IN SCHEMA public',
    );
    expect(await rules()).toEqual(['replication-role']);
  });

  it('warns of generated columns that the log does not give', async () => {
    await users(
      'CREATE TABLE sums (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a + 1) STORED); CREATE PUBLICATION "roll ""call""" FOR TABLE sums',
    );
    const examine = () => desk.examine([{ name: 'sums', mode: 'log', key: ['a'] }]);
    const fault = (await examine()).find((each) => each.rule === 'generated-column');
    expect(fault).toMatchObject({ severity: 'warn', message: expect.stringContaining(': b') as string });
    const version = await desk.admin.query("SELECT current_setting('server_version_num')::int >= 180000 AS mends");
    if ((version.rows[0] as { mends: boolean }).mends) await mended(examine, 'generated-column');
    else expect(fault).not.toHaveProperty('mend');
  });
});

describe('examineSource of a server whose settings do not fit', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let server: PostgresServer;
  const start = () => startPostgres({ dir: folder.path, settings: { fsync: 'off', shared_buffers: '16MB' } });

  beforeAll(async () => {
    folder = await testFolder();
    await chmod(folder.path, 0o755);
    server = await start();
  });

  afterAll(async () => {
    await server.stop(5_000);
    await folder[Symbol.asyncDispose]();
  });

  async function asAdmin<T>(act: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = await connectSource(server.url, { applicationName: 'admin' });
    try {
      return await act(client);
    } finally {
      await client.end();
    }
  }

  it('mends wal_level, slots and senders, after a restart', async () => {
    await asAdmin(async (admin) => {
      await admin.query('CREATE TABLE users (id int PRIMARY KEY)');
      await admin.query('ALTER SYSTEM SET max_wal_senders = 0');
      await admin.query('ALTER SYSTEM SET max_replication_slots = 0');
    });
    await server.stop();
    server = await start();
    const examine = () =>
      asAdmin((admin) => examineSource(admin, { tables: [LOGGED], slot: 'it', publication: 'it', create: true }));
    const faults = await examine();
    expect(faults.map((fault) => fault.rule)).toEqual(['wal-level', 'senders-exhausted', 'slots-exhausted']);
    await asAdmin((admin) => runSql(admin, faults.map((fault) => fault.mend ?? '').join('\n')));
    await server.stop();
    server = await start();
    expect(await examine()).toEqual([]);
  });
});
