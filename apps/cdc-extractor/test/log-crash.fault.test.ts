import { RollcallError } from '@rollcall/kernel';
import { faulty, seededRandom, until } from '@rollcall/testkit';
import { expect, test } from 'vitest';
import { type CrashPoint, type ExtractEffect } from '../src/effects.js';
import { StreamState } from '../src/log/stream-state.js';
import { dieAt, LogWorld } from './log-world.js';

/** Points at which log capture dies, and for the how many-th time: in the snapshot of a slot, at its end, in the stream. */
const DEATHS: readonly (readonly [ExtractEffect, ...number[]])[] = [
  ['lease.claim', 1],
  ['lease.renew', 1],
  ['publication.create', 1],
  ['publication.alter', 1],
  ['slot.drop', 1],
  ['slot.create', 1],
  ['batch.object', 2, 6],
  ['batch.announce', 2, 6],
  ['cursor.move', 1, 5, 12],
  ['slot.confirm', 1],
];
const CASES = DEATHS.flatMap(([name, ...times]) =>
  times.flatMap((n): [CrashPoint, number][] => [
    [`${name}.before`, n],
    [`${name}.after`, n],
  ]),
);

const DDL = [
  'CREATE TABLE users (id int PRIMARY KEY, name text, bio text)',
  'CREATE TABLE orders (id int PRIMARY KEY, user_id int, v text)',
  "INSERT INTO users SELECT i, 'user ' || i, NULL FROM generate_series(1, 300) i",
  'INSERT INTO orders SELECT i, i % 10, NULL FROM generate_series(1, 300) i',
];
const DATASETS = { users: 'key: [id]', orders: 'key: [id]' };

async function changes(world: LogWorld, n: number): Promise<void> {
  const { client } = world;
  await client.query(
    `BEGIN; INSERT INTO users VALUES (${1000 + n}, 'new', repeat('b', 10)); UPDATE orders SET v = 'n${n}' WHERE id % 7 = ${n % 7}; COMMIT`,
  );
  await client.query(`UPDATE users SET id = id + 10000 WHERE id = ${n + 1}; DELETE FROM orders WHERE id = ${n + 1}`);
  if (n === 3) await client.query("BEGIN; TRUNCATE orders; INSERT INTO orders VALUES (9000, 1, 'after'); COMMIT");
}

test.each(CASES)('a death at %s for the %s. time loses nothing and doubles nothing', async (point, n) => {
  await using world = await LogWorld.make(...DDL);
  const source = world.source(DATASETS);
  // One that nobody ever read: it is dropped before another one is made.
  if (point.startsWith('slot.drop'))
    await world.client.query("SELECT pg_create_logical_replication_slot($1, 'pgoutput')", [world.slot]);
  const running = world.start(source, { onEffect: dieAt(point, n) });
  for (let round = 0; !running.isDead; round += 1) {
    await changes(world, round);
    await world.untilLanding(running);
  }
  await expect(running.ended).rejects.toThrow(point);
  const again = world.start(source);
  await again.untilStreaming();
  await changes(world, 500);
  await world.untilSame('users');
  await world.untilSame('orders');
  await chainsHold(world);
  // Nothing is confirmed that the lake does not have.
  const { rows } = await world.client.query<{ lsn: string }>(
    "SELECT (confirmed_flush_lsn - '0/0')::text AS lsn FROM pg_replication_slots WHERE slot_name = $1",
    [world.slot],
  );
  const { doc } = await StreamState.open(again.context, 'shop');
  expect(BigInt(rows[0]?.lsn ?? 0)).toBeLessThanOrEqual(BigInt(doc?.confirmed ?? 0));
});

/** Every log batch goes on from a position that the lake has, or begins its epoch and needs a `t` that is there. */
async function chainsHold(world: LogWorld): Promise<void> {
  for (const dataset of Object.keys(DATASETS)) {
    const batches = await world.batches(dataset);
    const ids = new Set(batches.map(({ manifest }) => manifest.batchId));
    const ends = new Set(batches.map(({ rows }) => rows.at(-1)?.['_position']));
    for (const { manifest } of batches) {
      if (manifest.range.kind !== 'log') continue;
      expect(manifest.after !== undefined || manifest.needs !== undefined).toBe(true);
      if (manifest.after !== undefined) expect(ends).toContain(manifest.after);
      for (const id of manifest.needs ?? []) expect(ids).toContain(id);
    }
  }
}

test('many deaths at random points under a random load: the lake is the source', async () => {
  const random = seededRandom();
  await using world = await LogWorld.make(...DDL);
  const source = world.source({
    users: 'key: [id], flush: { seconds: 0.1, rows: 40, bytes: 1MB }',
    orders: 'key: [id], flush: { seconds: 0.3, rows: 1000, bytes: 1MB }',
  });
  for (let life = 0; life < 6; life += 1) {
    const [point] = random.pick(CASES.slice(6));
    const running = world.start(source, { onEffect: dieAt(point, 1 + random.below(6)) });
    for (let n = 0; n < 8 && !running.isDead; n += 1) {
      for (let k = random.below(4); k >= 0; k -= 1) await world.client.query(randomChange(random.below));
      await world.untilLanding(running);
    }
    await running.stop().catch(() => undefined);
  }
  world.start(source);
  await world.untilSame('users');
  await world.untilSame('orders');
}, 180_000);

function randomChange(below: (n: number) => number): string {
  const id = 1 + below(300);
  const changes = [
    `UPDATE users SET name = 'r${below(1000)}' WHERE id % 11 = ${below(11)}`,
    `BEGIN; UPDATE users SET id = ${100_000 + below(1_000_000)} WHERE id = ${id}; DELETE FROM orders WHERE user_id = ${id % 10}; COMMIT`,
    `INSERT INTO users SELECT ${2_000_000 + id * 1000} + i, 'bulk', NULL FROM generate_series(1, 300) i ON CONFLICT DO NOTHING`,
    `INSERT INTO orders VALUES (${id}, 1, 'x') ON CONFLICT (id) DO UPDATE SET v = 'y'`,
    `BEGIN; DELETE FROM users WHERE id = ${id}; INSERT INTO users VALUES (${id}, 'again', NULL); UPDATE users SET bio = 'z' WHERE id = ${id}; COMMIT`,
    `UPDATE users SET bio = repeat(md5(random()::text), 200) WHERE id = ${id}`,
    `UPDATE users SET name = 'n' WHERE bio IS NOT NULL`,
    `BEGIN; UPDATE orders SET v = 'undone'; ROLLBACK`,
    'TRUNCATE orders',
  ];
  return changes[below(changes.length)] ?? 'SELECT 1';
}

test('a lake that answers badly for a while ends a cut, not the data', async () => {
  await using world = await LogWorld.make(...DDL);
  const outage = new RollcallError('lake/unavailable', 'the lake does not answer');
  const script: Parameters<typeof faulty<typeof world.lake>>[1] = {};
  const lake = faulty(world.lake, script);
  const running = world.start(world.source(DATASETS), { lake });
  await running.untilStreaming();
  script.putIfAbsent = [
    { kind: 'reject', error: outage },
    { kind: 'lose-answer', error: outage },
  ];
  script.replace = [{ kind: 'lose-answer', error: outage }];
  for (let n = 0; n < 3; n += 1) await changes(world, n);
  await world.untilSame('users');
  await world.untilSame('orders');
  await until(() => script.putIfAbsent?.length === 0 && script.replace?.length === 0, { what: 'all faults to be met' });
});
