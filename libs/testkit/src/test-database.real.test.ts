import pg from 'pg';
import { expect, test } from 'vitest';
import { testDatabase, type DatabaseTemplate } from './test-database.js';

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

test('databases cloned from one template start equal and share nothing', async () => {
  let builds = 0;
  const template: DatabaseTemplate = {
    name: 'two rows',
    async build(url) {
      builds += 1;
      await query(url, 'CREATE TABLE t AS SELECT 1 AS n UNION SELECT 2');
    },
  };
  const clones = await Promise.all([1, 2, 3, 4].map(() => testDatabase({ template })));
  const [first, second] = clones as [(typeof clones)[0], (typeof clones)[0]];
  await query(first.url, 'DELETE FROM t');
  expect(await query(first.url, 'SELECT n FROM t ORDER BY n')).toEqual([]);
  expect(await query(second.url, 'SELECT n FROM t ORDER BY n')).toEqual([[1], [2]]);
  expect(builds).toBe(1);
  for (const clone of clones) await clone.drop();
});

test('a template whose build failed is built again, not taken half-built', async () => {
  const name = 'fails once';
  const build = async (url: string): Promise<void> => {
    await query(url, 'CREATE TABLE half (n int)');
    throw new Error('migration broke');
  };
  await expect(testDatabase({ template: { name, build } })).rejects.toThrow('migration broke');
  await using database = await testDatabase({
    template: { name, build: async (url) => void (await query(url, 'CREATE TABLE whole (n int)')) },
  });
  const tables = await query(
    database.url,
    "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace",
  );
  expect(tables).toEqual([['whole']]);
});

test('a disposed database is gone, also when a client is still connected', async () => {
  const database = await testDatabase();
  const other = await testDatabase();
  const lingering = new pg.Client({ connectionString: database.url });
  lingering.on('error', () => undefined);
  await lingering.connect();
  await database.drop();
  expect(await query(other.url, `SELECT 1 FROM pg_database WHERE datname = '${database.name}'`)).toEqual([]);
  await other.drop();
});

test('text is UTF-8, lowered by Unicode and ordered by bytes', async () => {
  await using database = await testDatabase();
  expect(await query(database.url, "SELECT lower('ÄÉΣ'), 'Z' < 'a', current_setting('TimeZone')")).toEqual([
    ['äéσ', true, 'UTC'],
  ]);
});
