import { until } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { LogWorld } from './log-world.js';

const USERS = 'CREATE TABLE users (id int PRIMARY KEY, name text, bio text)';
const FILL = "INSERT INTO users SELECT i, 'user ' || i, NULL FROM generate_series(1, 1000) i";
/** Long, and not to be compressed: it is stored out of line. */
const LONG = `(SELECT string_agg(md5(i::text || random()::text), '') FROM generate_series(1, 200) i)`;

test('a table is read whole, then followed: inserts, updates, deletes, key updates', async () => {
  await using world = await LogWorld.make(USERS, FILL);
  const running = world.start(world.source({ users: 'key: [id]' }));
  await world.untilSame('users');
  await running.untilStreaming();
  await world.client.query("INSERT INTO users VALUES (2001, 'new'); UPDATE users SET name = 'x' WHERE id < 10");
  await world.client.query(
    'DELETE FROM users WHERE id BETWEEN 20 AND 30; UPDATE users SET id = id + 5000 WHERE id = 500',
  );
  expect(await world.untilSame('users')).toHaveLength(990);
  const batches = await world.batches('users');
  const log = batches.filter(({ manifest }) => manifest.range.kind === 'log');
  const clear = batches.find(({ rows: [row] }) => row?.['_op'] === 't');
  expect(log.filter(({ manifest }) => manifest.needs)).toMatchObject([
    { manifest: { needs: [clear?.manifest.batchId] } },
  ]);
  await running.stop();
});

test('out-of-line values that an update leaves alone are kept, under identity DEFAULT and FULL, also when the key changes', async () => {
  await using world = await LogWorld.make(
    USERS,
    'CREATE TABLE wide (id int PRIMARY KEY, name text, bio text)',
    'ALTER TABLE wide REPLICA IDENTITY FULL',
    `INSERT INTO users SELECT i, 'old', ${LONG} FROM generate_series(1, 5) i`,
    'INSERT INTO wide SELECT * FROM users',
  );
  const running = world.start(world.source({ users: 'key: [id]', wide: 'key: [id]' }));
  await running.untilStreaming();
  // Long enough to be out of line and therefore not told again: added with a default, so that old rows do not hold it.
  for (const table of ['users', 'wide']) {
    await world.client.query(`UPDATE ${table} SET name = 'new' WHERE id = 1; UPDATE ${table} SET id = 20 WHERE id = 2`);
    await world.client.query(
      `BEGIN; UPDATE ${table} SET id = 30 WHERE id = 3; UPDATE ${table} SET id = 3 WHERE id = 30; COMMIT`,
    );
    await world.client.query(`ALTER TABLE ${table} ADD COLUMN note text DEFAULT repeat('n', 5000)`);
    await world.client.query(
      `UPDATE ${table} SET name = 'b' WHERE id = 4; UPDATE ${table} SET name = 'c' WHERE id = 4`,
    );
    await world.client.query(
      `UPDATE ${table} SET note = ${LONG} WHERE id = 5; UPDATE ${table} SET name = 'd' WHERE id = 5`,
    );
    await world.client.query(
      `INSERT INTO ${table} SELECT 40, 'x', ${LONG}, ${LONG}; UPDATE ${table} SET id = 41 WHERE id = 40`,
    );
  }
  // Rows that nobody touched since have no value of the new column in the lake.
  const touched = (rows: { id?: string | null }[]): unknown[] =>
    rows.filter(({ id }) => ['4', '5', '41'].includes(id ?? ''));
  for (const table of ['users', 'wide']) {
    await until(
      async () => {
        expect(touched(await world.merged(table))).toEqual(touched(await world.table(table)));
        const bios = (rows: { id?: string | null; bio?: string | null }[]): unknown[] =>
          rows.map(({ id, bio }) => [id, bio]);
        expect(bios(await world.merged(table))).toEqual(bios(await world.table(table)));
        return true;
      },
      { what: `the same values in ${table}` },
    );
  }
  const told = (await world.batches('wide'))
    .flatMap(({ rows }) => rows)
    .filter((row) => row['_unchanged'] !== undefined && row['_unchanged'] !== null);
  expect(told).toEqual([]);
  expect((await world.batches('users')).flatMap(({ rows }) => rows).some((row) => row['_unchanged'])).toBe(true);
});

test('TRUNCATE of many tables, by CASCADE too, empties them all and the stream goes on', async () => {
  await using world = await LogWorld.make(
    USERS,
    FILL,
    'CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users)',
    'INSERT INTO orders SELECT i, i FROM generate_series(1, 100) i',
    'CREATE TABLE others (id int PRIMARY KEY)',
    'INSERT INTO others VALUES (1)',
  );
  const running = world.start(world.source({ users: 'key: [id]', orders: 'key: [id]', others: 'key: [id]' }));
  await running.untilStreaming();
  await world.client.query('TRUNCATE users CASCADE');
  await world.client.query(
    "BEGIN; TRUNCATE others; INSERT INTO others VALUES (2); COMMIT; INSERT INTO users VALUES (7, 'a')",
  );
  for (const table of ['users', 'orders', 'others']) await world.untilSame(table);
  expect(await world.merged('orders')).toEqual([]);
});

test('one key changed thrice, deleted and inserted again, moved a -> b -> a, in one transaction each', async () => {
  await using world = await LogWorld.make(
    'CREATE TABLE k (id text PRIMARY KEY, v int)',
    "INSERT INTO k VALUES ('a', 0), ('x', 0), ('y', 0)",
  );
  const running = world.start(world.source({ k: 'key: [id]' }));
  await running.untilStreaming();
  await world.client.query(
    "BEGIN; UPDATE k SET v = 1 WHERE id = 'a'; UPDATE k SET v = 2 WHERE id = 'a'; UPDATE k SET v = 3 WHERE id = 'a'; COMMIT",
  );
  await world.client.query("BEGIN; DELETE FROM k WHERE id = 'x'; INSERT INTO k VALUES ('x', 9); COMMIT");
  await world.client.query("BEGIN; UPDATE k SET id = 'b' WHERE id = 'y'; UPDATE k SET id = 'y' WHERE id = 'b'; COMMIT");
  await world.client.query(
    "BEGIN; UPDATE k SET id = 't' WHERE id = 'a'; UPDATE k SET id = 'a' WHERE id = 'y'; UPDATE k SET id = 'y' WHERE id = 't'; COMMIT",
  );
  expect(await world.untilSame('k')).toEqual([
    { id: 'a', v: '0' },
    { id: 'x', v: '9' },
    { id: 'y', v: '3' },
  ]);
});

test('tables without a key, and compound keys that read the same when they are joined', async () => {
  await using world = await LogWorld.make(
    'CREATE TABLE notes (v text, w text)',
    'ALTER TABLE notes REPLICA IDENTITY FULL',
    'CREATE TABLE pairs (a text, b text, v int, PRIMARY KEY (a, b))',
    "INSERT INTO notes VALUES ('a', NULL), ('a', NULL), ('b', '')",
    "INSERT INTO pairs VALUES ('a', 'bc', 1), ('ab', 'c', 2)",
  );
  const running = world.start(world.source({ notes: 'key: []', pairs: 'key: [a, b]' }));
  await running.untilStreaming();
  await world.client.query(
    "DELETE FROM notes WHERE ctid = (SELECT min(ctid) FROM notes); UPDATE notes SET w = 'x' WHERE v = 'b'; INSERT INTO notes VALUES ('c', 'c')",
  );
  await world.client.query("UPDATE pairs SET v = 3 WHERE a = 'a'; DELETE FROM pairs WHERE a = 'ab'");
  await world.untilSame('notes', []);
  await world.untilSame('pairs', ['a', 'b']);
});

test('a partitioned table is one dataset, also when a row goes from one partition to another', async () => {
  await using world = await LogWorld.make(
    'CREATE TABLE parts (id int, day int, v text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day)',
    'CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)',
    'CREATE TABLE parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20)',
    "INSERT INTO parts SELECT i, i % 20, 'v' FROM generate_series(1, 100) i",
  );
  const running = world.start(world.source({ parts: 'key: [id, day]' }));
  await running.untilStreaming();
  await world.client.query(
    "UPDATE parts SET day = 15 WHERE day = 5; UPDATE parts SET v = 'w' WHERE id < 10; DELETE FROM parts WHERE day = 1",
  );
  await world.client.query(
    "CREATE TABLE parts_3 PARTITION OF parts FOR VALUES FROM (20) TO (30); INSERT INTO parts VALUES (200, 25, 'new')",
  );
  await world.untilSame('parts', ['id', 'day']);
});

test('columns added, dropped, renamed and of another type are read as they are at that place of the log', async () => {
  await using world = await LogWorld.make(USERS, "INSERT INTO users VALUES (1, 'a', 'b'), (2, 'c', 'd')");
  const source = world.source({ users: 'key: [id]' });
  const running = world.start(source);
  await running.untilStreaming();
  await running.stop();
  // All of it happens while nobody looks: what the catalogs say when it is read is another table than the log's.
  await world.client.query("INSERT INTO users VALUES (3, 'before', 'b')");
  await world.client.query(
    "BEGIN; INSERT INTO users VALUES (4, 'in', 'b'); ALTER TABLE users ADD COLUMN age int; INSERT INTO users VALUES (5, 'in', 'b', 50); COMMIT",
  );
  await world.client.query("ALTER TABLE users DROP COLUMN bio; INSERT INTO users VALUES (6, 'no bio', 60)");
  await world.client.query(
    "ALTER TABLE users RENAME COLUMN name TO title; INSERT INTO users VALUES (7, 'renamed', 70)",
  );
  await world.client.query(
    "ALTER TABLE users ALTER COLUMN age TYPE numeric(5,1); INSERT INTO users VALUES (8, 'typed', 8.5)",
  );
  world.start(source);
  const merged = await until(
    async () => {
      const rows = await world.merged('users');
      return rows.length === 8 && rows;
    },
    { what: 'eight rows' },
  );
  expect(merged).toEqual(
    [
      { bio: 'b', id: '1', name: 'a' },
      { bio: 'b', id: '3', name: 'before' },
      { bio: 'b', id: '4', name: 'in' },
      { age: '50', bio: 'b', id: '5', name: 'in' },
      { bio: 'd', id: '2', name: 'c' },
      { age: '60', id: '6', name: 'no bio' },
      { age: '70', id: '7', title: 'renamed' },
      { age: '8.5', id: '8', title: 'typed' },
    ].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)),
  );
});

test('what a policy hides is in no row, no key and no _prev_key', async () => {
  await using world = await LogWorld.make(
    'CREATE TABLE people (email text PRIMARY KEY, phone text, bio text)',
    `INSERT INTO people SELECT 'secret@x.org', '555-secret', ${LONG}`,
  );
  const running = world.start(
    world.source({ people: 'key: [email], columns: { email: { pii: hash }, phone: { pii: mask } }' }),
  );
  await running.untilStreaming();
  await world.client.query(
    "UPDATE people SET email = 'hidden@x.org', phone = '556-secret'; INSERT INTO people VALUES ('third@secret.org'); DELETE FROM people WHERE bio IS NULL",
  );
  await until(async () => (await world.batches('people')).flatMap(({ rows }) => rows).length >= 6, {
    what: 'all rows',
  });
  const rows = (await world.batches('people')).flatMap(({ rows }) => rows);
  expect(JSON.stringify(rows)).not.toMatch(/secret|hidden@/);
  const moved = rows.find((row) => row['_prev_key']);
  expect(moved?.['_prev_key']).toMatch(/^\["[0-9a-f]{64}"\]$/);
  expect(await world.merged('people', ['email'])).toHaveLength(1);
});
