import { describe, expect, it } from 'vitest';
import { type Recorded } from '../../test/record-log.js';
import { sourceTrial, type RecordedStream, type SourceTrial } from '../../test/source-trial.js';

/** What the log says of rows, without the frames of transactions and of tables. */
async function changes(stream: RecordedStream): Promise<readonly Recorded[]> {
  return (await stream.caughtUp()).filter(({ kind }) => !['begin', 'commit', 'relation', 'type'].includes(kind));
}

async function captured(trial: SourceTrial, sql: string, ...tables: readonly string[]): Promise<RecordedStream> {
  await trial.client.query(sql);
  await trial.capture(...tables);
  return trial.stream();
}

const USERS = 'CREATE TABLE users (id int PRIMARY KEY, name text)';
const LONG = "(SELECT string_agg(md5(i::text), '') FROM generate_series(1, 400) i)";

describe('what the log says', () => {
  it('inserts, updates and deletes, in the order of commits', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query("INSERT INTO users VALUES (1, 'Ann'), (2, NULL)");
    await trial.client.query("UPDATE users SET name = 'Bo' WHERE id = 2");
    await trial.client.query('DELETE FROM users WHERE id = 1');
    const log = await stream.caughtUp();
    expect(log.map(({ kind }) => kind).join(' ')).toBe(
      'begin relation insert insert commit begin update commit begin delete commit',
    );
    expect(log.filter(({ kind }) => kind !== 'begin' && kind !== 'commit')).toEqual([
      { kind: 'relation', table: 'public.users', columns: ['id', 'name'], keys: ['id'] },
      { kind: 'insert', table: 'public.users', row: ['1', 'Ann'] },
      { kind: 'insert', table: 'public.users', row: ['2', null] },
      { kind: 'update', table: 'public.users', row: ['2', 'Bo'] },
      { kind: 'delete', table: 'public.users', old: ['1', null], oldKind: 'key' },
    ]);
  });

  it('an update of the key comes with the old one; a -> b -> a in one transaction as two', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query("INSERT INTO users VALUES (1, 'Ann')");
    await trial.client.query('BEGIN; UPDATE users SET id = 2; UPDATE users SET id = 1; COMMIT');
    const [, there, back] = await changes(stream);
    expect([there, back]).toEqual([
      { kind: 'update', table: 'public.users', row: ['2', 'Ann'], old: ['1', null], oldKind: 'key' },
      { kind: 'update', table: 'public.users', row: ['1', 'Ann'], old: ['2', null], oldKind: 'key' },
    ]);
  });

  it('TRUNCATE CASCADE of several tables is one statement', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(
      trial,
      `${USERS}; CREATE TABLE orders (id int PRIMARY KEY, by int REFERENCES users); CREATE TABLE tags (id serial PRIMARY KEY)`,
      ...['users', 'orders', 'tags'],
    );
    await trial.client.query('TRUNCATE users, tags RESTART IDENTITY CASCADE');
    expect(await changes(stream)).toEqual([
      { kind: 'truncate', tables: ['public.orders', 'public.tags', 'public.users'], cascade: true, restart: true },
    ]);
  });

  it('a long value that an update leaves alone is not repeated, under DEFAULT as under FULL identity', async () => {
    await using trial = await sourceTrial();
    const docs =
      'CREATE TABLE docs (id int PRIMARY KEY, body text, n int); ALTER TABLE docs ALTER body SET STORAGE EXTERNAL';
    const full = `${docs.replaceAll('docs', 'whole')}; ALTER TABLE whole REPLICA IDENTITY FULL`;
    const stream = await captured(trial, `${docs}; ${full}`, 'docs', 'whole');
    await trial.client.query(`INSERT INTO docs VALUES (1, ${LONG}, 1); INSERT INTO whole VALUES (1, ${LONG}, 1)`);
    await trial.client.query('UPDATE docs SET n = 2; UPDATE whole SET n = 2');
    const [, , plain, whole] = await changes(stream);
    expect(plain).toEqual({ kind: 'update', table: 'public.docs', row: ['1', undefined, '2'] });
    expect(whole).toMatchObject({ kind: 'update', oldKind: 'full', row: ['1', undefined, '2'] });
    const body = whole?.kind === 'update' ? whole.old?.[1] : undefined;
    expect(body).toHaveLength(400 * 32);
  });

  it('partitions speak with the name of their root', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(
      trial,
      `CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id);
       CREATE TABLE low PARTITION OF parts FOR VALUES FROM (0) TO (10); CREATE TABLE high (v text, id int NOT NULL PRIMARY KEY);
       ALTER TABLE parts ATTACH PARTITION high FOR VALUES FROM (10) TO (20)`,
      'parts',
    );
    await trial.client.query("INSERT INTO parts VALUES (1, 'a'), (11, 'b'); UPDATE parts SET id = 12 WHERE id = 1");
    await trial.client.query('TRUNCATE parts');
    expect(await changes(stream)).toEqual([
      { kind: 'insert', table: 'public.parts', row: ['1', 'a'] },
      { kind: 'insert', table: 'public.parts', row: ['11', 'b'] },
      { kind: 'delete', table: 'public.parts', old: ['1', null], oldKind: 'key' },
      { kind: 'insert', table: 'public.parts', row: ['12', 'a'] },
      { kind: 'truncate', tables: ['public.parts'], cascade: false, restart: false },
    ]);
  });

  it('says the columns anew after ADD, DROP, RENAME and a change of type, in the middle of a transaction too', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query(`
      BEGIN; INSERT INTO users VALUES (1, 'a');
      ALTER TABLE users ADD COLUMN age int DEFAULT 7; INSERT INTO users VALUES (2, 'b');
      ALTER TABLE users DROP COLUMN name; ALTER TABLE users RENAME COLUMN age TO years; INSERT INTO users VALUES (3, 9);
      ALTER TABLE users ALTER COLUMN years TYPE numeric(5,2); INSERT INTO users VALUES (4, 1.5); COMMIT`);
    const log = await stream.caughtUp();
    expect(log.flatMap((each) => (each.kind === 'relation' ? [each.columns.join(' ')] : []))).toEqual([
      'id name',
      'id name age',
      'id years',
      'id years',
    ]);
    expect(log.flatMap((each) => (each.kind === 'insert' ? [each.row] : []))).toEqual([
      ['1', 'a'],
      ['2', 'b', '7'],
      ['3', '9'],
      ['4', '1.50'],
    ]);
  });

  it('rows of one statement may share an LSN, and all come', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query("COPY users FROM PROGRAM 'seq 1 1000 | sed s/$/\\\\tx/'");
    const rows = await changes(stream);
    expect(rows.map((each) => each.kind === 'insert' && each.row[0])).toEqual(
      Array.from({ length: 1000 }, (_, i) => String(i + 1)),
    );
  });

  it('transactions of other tables leave no change; a prepared one comes when it is committed', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, `${USERS}; CREATE TABLE other (id int)`, 'users');
    await trial.client.query("BEGIN; INSERT INTO users VALUES (1, 'late'); PREPARE TRANSACTION 'trial late'");
    await trial.client.query('INSERT INTO other VALUES (1)');
    await trial.client.query("INSERT INTO users VALUES (2, 'early')");
    expect(await changes(stream)).toMatchObject([{ row: ['2', 'early'] }]);
    await trial.client.query("COMMIT PREPARED 'trial late'");
    expect(await changes(stream)).toMatchObject([{ row: ['1', 'late'] }]);
  });

  it('what is rolled back, to a savepoint or whole, never comes', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query('BEGIN; INSERT INTO users VALUES (1); ROLLBACK');
    await trial.client.query(
      'BEGIN; SAVEPOINT s; INSERT INTO users VALUES (2); ROLLBACK TO s; INSERT INTO users VALUES (3); COMMIT',
    );
    expect(await changes(stream)).toMatchObject([{ row: ['3', null] }]);
  });

  it('a table without a key under FULL identity gives the whole old row; user types announce themselves', async () => {
    await using trial = await sourceTrial();
    const sql = `CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TABLE moods (m mood, n int); ALTER TABLE moods REPLICA IDENTITY FULL`;
    const stream = await captured(trial, sql, 'moods');
    await trial.client.query("INSERT INTO moods VALUES ('sad', NULL); DELETE FROM moods");
    const log = await stream.caughtUp();
    expect(log).toContainEqual({ kind: 'type', name: 'mood' });
    expect(log).toContainEqual({ kind: 'delete', table: 'public.moods', old: ['sad', null], oldKind: 'full' });
  });

  it('values of 16 MB come whole', async () => {
    await using trial = await sourceTrial();
    const stream = await captured(trial, USERS, 'users');
    await trial.client.query("INSERT INTO users VALUES (1, repeat('é', 8 * 1024 * 1024)), (2, 'after')");
    const [big, after] = await changes(stream);
    expect(big?.kind === 'insert' && big.row[1] === 'é'.repeat(8 * 1024 * 1024)).toBe(true);
    expect(after).toMatchObject({ row: ['2', 'after'] });
  });
});
