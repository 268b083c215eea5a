import { until } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { resnapshotLog } from '../src/log/resnapshot-log.js';
import { StreamState } from '../src/log/stream-state.js';
import { dieAt, LogWorld } from './log-world.js';
import { versionsOf } from './merged-lake.js';

const USERS = 'CREATE TABLE users (id int PRIMARY KEY, name text, bio text)';
const FILL = "INSERT INTO users SELECT i, 'user ' || i, NULL FROM generate_series(1, 1000) i";
test('COPY of 1,000 rows in one transaction, a crash in the middle of landing it, restart: every row once', async () => {
  await using world = await LogWorld.make(USERS);
  const source = world.source({ users: 'key: [id], flush: { seconds: 0.2, rows: 100, bytes: 1MB }' });
  let armed = false;
  const running = world.start(source, {
    // Else the cursor may move without a row.
    limits: { idleConfirmMs: 600_000 },
    onEffect: (point) => {
      // With 100 rows to a batch the transaction is landed in parts of 400: the second one dies.
      if (armed && point === 'cursor.move.after') throw new Error('died');
    },
  });
  await running.untilStreaming();
  armed = true;
  await world.client.query(FILL);
  await expect(running.ended).rejects.toThrow('died');
  const state = await StreamState.open(running.context, 'shop');
  const last = state.doc?.datasets['users']?.position ?? '';
  expect(parseInt(last.slice(-8), 16)).toBeGreaterThanOrEqual(400);
  expect(parseInt(last.slice(-8), 16)).toBeLessThan(1000);
  world.start(source);
  expect(await world.untilSame('users')).toHaveLength(1000);
  const positions = versionsOf(await world.batches('users'), ['id']).map((row) => row['_position'] ?? '');
  expect(positions.filter((p) => p.endsWith('-00000000'))).toHaveLength(1);
  expect(new Set(positions.map((p) => p.slice(0, 21))).size).toBe(2);
  expect(positions).toHaveLength(1001);
});

test('busy tables that are not ours: the slot follows, and never goes beyond what the lake says', async () => {
  await using world = await LogWorld.make(USERS, 'CREATE TABLE busy (v text)');
  const source = world.source({ users: 'key: [id]' });
  const running = world.start(source);
  await running.untilStreaming();
  const before = await world.client.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  for (let n = 0; n < 20; n += 1)
    await world.client.query("INSERT INTO busy SELECT repeat('x', 1000) FROM generate_series(1, 100)");
  const after = await world.client.query<{ lsn: string }>('SELECT pg_current_wal_insert_lsn()::text AS lsn');
  await until(
    async () => {
      const moved = await world.client.query(
        'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn >= $2::pg_lsn',
        [world.slot, after.rows[0]?.lsn],
      );
      return moved.rowCount === 1;
    },
    { what: `the slot beyond ${after.rows[0]?.lsn}, from ${before.rows[0]?.lsn}`, timeoutMs: 30_000 },
  );
  await running.stop();
  const { doc } = await StreamState.open(running.context, 'shop');
  const ahead = await world.client.query(
    'SELECT 1 FROM pg_replication_slots WHERE slot_name = $1 AND confirmed_flush_lsn - $2::pg_lsn > 0',
    [world.slot, `0/0`],
  );
  expect(ahead.rowCount).toBe(1);
  const [slot] = (
    await world.client.query<{ lsn: string }>(
      "SELECT (confirmed_flush_lsn - '0/0')::text AS lsn FROM pg_replication_slots WHERE slot_name = $1",
      [world.slot],
    )
  ).rows;
  expect(BigInt(slot?.lsn ?? 0)).toBeLessThanOrEqual(BigInt(doc?.confirmed ?? 0));
  world.start(source);
  await world.client.query("INSERT INTO users VALUES (1, 'after')");
  await world.untilSame('users');
});

test('a slot that was dropped, or made anew behind our back, stops loudly, and resnapshot of the source goes on in another epoch', async () => {
  await using world = await LogWorld.make(USERS, FILL);
  const source = world.source({ users: 'key: [id]' });
  const running = world.start(source);
  await world.untilSame('users');
  await running.untilStreaming();
  await running.stop();
  await world.client.query('SELECT pg_drop_replication_slot($1)', [world.slot]);
  await world.client.query("DELETE FROM users WHERE id < 500; UPDATE users SET name = 'unseen'");
  await world.client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [world.slot]);
  const again = world.start(source);
  await until(() => again.capture.phase === 'lost', { what: 'a loud stop' });
  expect(again.capture.failure).toMatchObject({
    code: 'source/slot-lost',
    message: expect.stringMatching(/users from 0\/\w+ to 0\/\w+|from 0\/\w+ to 0\/\w+ of users/),
  });
  expect(await world.merged('users')).toHaveLength(1000);
  const users = source.datasets[0];
  if (!users) throw new Error('no dataset');
  const signal = new AbortController().signal;
  const result = await resnapshotLog(again.context, again.capture, [users], { run: 'run-1', attempt: 1, signal });
  expect(result.rows).toBe(501);
  await world.client.query("INSERT INTO users VALUES (5000, 'streamed')");
  expect(await world.untilSame('users')).toHaveLength(502);
  const epochs = new Set((await world.batches('users')).map(({ manifest }) => manifest.firstPosition?.slice(0, 4)));
  expect(epochs).toEqual(new Set(['0001', '0002']));
});

test('a dataset that is added while the others stream is read beside the log, and a running transaction is waited for', async () => {
  await using world = await LogWorld.make(
    USERS,
    FILL,
    'CREATE TABLE late (id int PRIMARY KEY, v text)',
    "INSERT INTO late SELECT i, 'v' FROM generate_series(1, 500) i",
  );
  const first = world.start(world.source({ users: 'key: [id]' }));
  await first.untilStreaming();
  await first.stop();
  const other = await LogWorld.connect(world.database.url);
  await other.query("BEGIN; UPDATE late SET v = 'slow' WHERE id = 1");
  const second = world.start(world.source({ users: 'key: [id]', late: 'key: [id]' }));
  await until(() => second.capture.phase === 'snapshotting', { what: 'the snapshot of the new one' });
  await world.client.query("UPDATE users SET name = 'meanwhile' WHERE id = 1");
  await world.untilSame('users');
  expect(second.capture.phase).toBe('snapshotting');
  await other.query('COMMIT');
  await other.end();
  await second.untilStreaming();
  await world.client.query("DELETE FROM late WHERE id = 2; INSERT INTO late VALUES (1000, 'n')");
  await world.untilSame('late');
  await world.untilSame('users');
});

test('resnapshot while streaming mends what the lake lacks, and loses nothing that changes meanwhile', async () => {
  await using world = await LogWorld.make(USERS, FILL);
  const source = world.source({ users: 'key: [id]' });
  const running = world.start(source);
  await running.untilStreaming();
  const [users] = source.datasets;
  if (!users) throw new Error('no dataset');
  const busy = (async () => {
    for (let n = 0; n < 40; n += 1)
      await world.client.query(
        `INSERT INTO users VALUES (${3000 + n}, 'm'); DELETE FROM users WHERE id = ${n * 7 + 1}; UPDATE users SET name = 'b${n}' WHERE id % 50 = ${n}`,
      );
  })();
  const signal = new AbortController().signal;
  const result = await resnapshotLog(running.context, running.capture, [users], { run: 'again', attempt: 1, signal });
  await busy;
  expect(result.rows).toBeGreaterThan(500);
  await world.untilSame('users');
  expect((await world.batches('users')).flatMap(({ rows }) => rows).filter((row) => row['_op'] === 't')).toHaveLength(
    2,
  );
});

test('a table that was dropped and made anew is another one: it is read from its beginning', async () => {
  await using world = await LogWorld.make(USERS, FILL);
  const running = world.start(world.source({ users: 'key: [id]' }));
  await running.untilStreaming();
  await world.client.query(`DROP TABLE users; ${USERS}; INSERT INTO users VALUES (1, 'reborn')`);
  await world.untilSame('users');
  await world.client.query("INSERT INTO users VALUES (2, 'followed')");
  expect(await world.untilSame('users')).toHaveLength(2);
});

test('a connection that is cut, again and again, costs nothing', async () => {
  await using world = await LogWorld.make(USERS);
  const running = world.start(world.source({ users: 'key: [id]' }));
  await running.untilStreaming();
  for (let n = 0; n < 5; n += 1) {
    await world.client.query(`INSERT INTO users SELECT i, 'n' FROM generate_series(${n * 100}, ${n * 100 + 99}) i`);
    await world.client.query(
      'SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = $1 AND active_pid IS NOT NULL',
      [world.slot],
    );
    await running.untilStreaming();
  }
  expect(await world.untilSame('users')).toHaveLength(500);
});

test('two extractors: one streams, the other waits and goes on when the first is gone', async () => {
  await using world = await LogWorld.make(USERS);
  const source = world.source({ users: 'key: [id]' });
  const first = world.start(source);
  await first.untilStreaming();
  const second = world.start(source);
  await world.client.query("INSERT INTO users VALUES (1, 'a')");
  await world.untilSame('users');
  expect(second.capture.phase).toBe('waiting');
  await first.stop();
  await second.untilStreaming();
  await world.client.query("INSERT INTO users VALUES (2, 'b')");
  await world.untilSame('users');
});

test('a death in a snapshot is gone on from; every row is there and no dead one', async () => {
  await using world = await LogWorld.make(USERS, FILL);
  const source = world.source({ users: 'key: [id], flush: { seconds: 1, rows: 100, bytes: 1MB }' });
  const running = world.start(source, { onEffect: dieAt('batch.announce.after', 4) });
  await expect(running.ended).rejects.toThrow('died');
  await world.client.query("DELETE FROM users WHERE id % 3 = 0; UPDATE users SET name = 'late' WHERE id % 5 = 0");
  const again = world.start(source);
  await again.untilStreaming();
  await world.untilSame('users');
});
