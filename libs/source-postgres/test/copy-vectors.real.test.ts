import { vectorValues, type Value } from '@rollcall/catalog';
import { testDatabase, until, type TestDatabase } from '@rollcall/testkit';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { connectSource } from '../src/connect/connect-source.js';
import type { CopyColumn } from '../src/copy/copy-groups.js';
import { copyVectors, type CopyRequest } from '../src/copy/copy-vectors.js';
import { describeTable } from '../src/tables/describe-table.js';
import { quoteSourceIdentifier } from '../src/tables/quote-source-identifier.js';
import { columnCodec } from '../src/codecs/choose-codec.js';

let database: TestDatabase;
let client: pg.Client;
let admin: pg.Client;

beforeAll(async () => {
  database = await testDatabase();
  admin = await connectSource(database.url, { applicationName: 'admin' });
});
beforeEach(async () => {
  client = await connectSource(database.url, { applicationName: 'reader' });
});
afterEach(() => client.end());
afterAll(async () => {
  await admin.end();
  await database.drop();
});

const LIMITS = { maxRows: 1000, maxBytes: 1 << 20 };

async function columnsOf(table: string): Promise<readonly CopyColumn[]> {
  const described = await describeTable(admin, `public.${table}`);
  return (described?.columns ?? []).map(({ name, type }) => ({
    sql: quoteSourceIdentifier(name),
    codec: columnCodec(type),
  }));
}

async function values(columns: readonly CopyColumn[], request: Omit<CopyRequest, 'columns'>): Promise<Value[][]> {
  const all: Value[][] = columns.map(() => []);
  for await (const { vectors, rowCount } of copyVectors(client, { ...request, columns })) {
    expect(rowCount).toBeGreaterThan(0);
    columns.forEach(({ codec }, at) => {
      const vector = vectors[at];
      if (vector) all[at]?.push(...vectorValues(codec.logical, vector));
    });
  }
  return all;
}

const int8 = columnCodec({
  oid: 20,
  modifier: -1,
  text: 'bigint',
  shape: { kind: 'builtin', name: 'int8', modifier: -1 },
});
const text = columnCodec({
  oid: 25,
  modifier: -1,
  text: 'text',
  shape: { kind: 'builtin', name: 'text', modifier: -1 },
});
const NUMBER: readonly CopyColumn[] = [{ sql: 'n', codec: int8 }];
const endless = 'FROM (SELECT generate_series(1::int8, 1000000000000) AS n) s';

/** How many connections of the reader the server has. */
async function backends(): Promise<number> {
  const sql =
    "SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 'reader' AND datname = current_database()";
  const { rows } = await admin.query<{ n: number }>(sql);
  return rows[0]?.n ?? 0;
}

describe('copyVectors', () => {
  it('gives all rows in the order of the query, in groups of so many', async () => {
    const sizes: number[] = [];
    for await (const { rowCount } of copyVectors(client, {
      from: 'FROM generate_series(1::int8, 2500) AS s (n)',
      columns: NUMBER,
      ...LIMITS,
    }))
      sizes.push(rowCount);
    expect(sizes).toEqual([1000, 1000, 500]);
    const [numbers] = await values(NUMBER, {
      from: 'FROM generate_series(1::int8, 2500) AS s (n) ORDER BY n DESC',
      ...LIMITS,
    });
    expect(numbers).toEqual(Array.from({ length: 2500 }, (_, at) => BigInt(2500 - at)));
  });

  it('takes strings of 65,535, 65,536 and 16,777,216 bytes, each longer than a group alone in one', async () => {
    const sizes = [1, 65_535, 65_536, 65_537, 1 << 24, 2];
    const from = `FROM unnest(ARRAY[${sizes.join()}]) WITH ORDINALITY AS u (size, place) CROSS JOIN LATERAL (SELECT repeat(chr(64 + place::int), size) AS n) t ORDER BY place`;
    const counts: number[] = [];
    const read: string[] = [];
    for await (const { rowCount, vectors } of copyVectors(client, {
      from,
      columns: [{ sql: 'n', codec: text }],
      maxRows: 10,
      maxBytes: 65_536,
    })) {
      counts.push(rowCount);
      for (const vector of vectors) read.push(...vectorValues({ name: 'text' }, vector).map((value) => String(value)));
    }
    expect(counts).toEqual([1, 1, 1, 1, 1, 1]);
    expect(read.map((value) => value.length)).toEqual(sizes);
    read.forEach((value, at) => expect(value === String.fromCharCode(65 + at).repeat(value.length)).toBe(true));
  });

  it('takes a hundred columns, and none', async () => {
    const names = Array.from({ length: 100 }, (_, at) => `"c ${at}"`);
    await admin.query(
      `CREATE TABLE wide (${names.map((name, at) => `${name} ${at % 2 === 0 ? 'int4' : 'text'}`).join()})`,
    );
    const row = names.map((_, at) => (at % 2 === 0 ? `n * ${at}` : `CASE WHEN (n + ${at}) % 3 > 0 THEN 'v' || n END`));
    await admin.query(`INSERT INTO wide SELECT ${row.join()} FROM generate_series(1, 3000) AS n`);
    const all = await values(await columnsOf('wide'), { from: 'FROM wide', ...LIMITS });
    expect(all).toHaveLength(100);
    expect(all[98]?.[2999]).toBe(3000 * 98);
    expect(all[99]?.slice(0, 4)).toEqual(
      ['v1', 'v2', null, 'v4'].map((_, n) => ((n + 1 + 99) % 3 > 0 ? `v${n + 1}` : null)),
    );
    await admin.query('CREATE TABLE bare (); INSERT INTO bare DEFAULT VALUES');
    const groups = [];
    for await (const group of copyVectors(client, { from: 'FROM bare', columns: [], ...LIMITS })) groups.push(group);
    expect(groups).toEqual([{ rowCount: 1, vectors: [] }]);
  });

  it('leaves the connection as it was, in its transaction', async () => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await client.query('CREATE TEMPORARY TABLE kept (n int8); INSERT INTO kept VALUES (1)');
    // Asked for before the COPY ends: statements wait for their turn.
    const [first, second] = [values(NUMBER, { from: 'FROM kept', ...LIMITS }), client.query('SELECT 7 AS seven')];
    expect(await first).toEqual([[1n]]);
    expect((await second).rows).toEqual([{ seven: 7 }]);
    expect(await values(NUMBER, { from: 'FROM kept WHERE false', ...LIMITS })).toEqual([[]]);
    expect((await client.query('SELECT count(*)::int AS n FROM kept')).rows).toEqual([{ n: 1 }]);
  });

  it('lets a slow reader keep the server waiting, and holds no more than a group of 300 MB', async () => {
    const from = "FROM (SELECT generate_series(1, 30000), repeat('x', 10000) AS n) s";
    const columns = [{ sql: 'n', codec: text }];
    const reading = copyVectors(client, { from, columns, maxRows: 1000, maxBytes: 1 << 20 });
    await reading.next();
    const waits =
      "SELECT wait_event FROM pg_stat_activity WHERE application_name = 'reader' AND datname = current_database()";
    await until(async () => (await admin.query<{ wait_event: string }>(waits)).rows[0]?.wait_event === 'ClientWrite', {
      what: 'the server to wait for its reader',
    });
    const before = process.memoryUsage.rss();
    let highest = before;
    for await (const { rowCount } of reading) {
      expect(rowCount).toBeLessThanOrEqual(104);
      highest = Math.max(highest, process.memoryUsage.rss());
    }
    // The garbage of some groups stands there too.
    expect(highest - before).toBeLessThan(150 << 20);
  });

  it('ends the COPY when it is left early: the connection is closed, and its backend goes', async () => {
    for await (const { rowCount } of copyVectors(client, { from: endless, columns: NUMBER, ...LIMITS })) {
      expect(rowCount).toBe(1000);
      break;
    }
    await expect(client.query('SELECT 1')).rejects.toThrow(/closed|not queryable/);
    await until(async () => (await backends()) === 0, { what: 'the backend to go' });
  });

  it('stops when it is aborted, also while the server is thinking', async () => {
    const controller = new AbortController();
    const reading = copyVectors(client, {
      from: 'FROM pg_sleep(60), (SELECT 1::int8 AS n) t',
      columns: NUMBER,
      ...LIMITS,
      signal: controller.signal,
    });
    const next = reading.next();
    await until(async () => (await backends()) === 1, { what: 'the statement to run' });
    controller.abort(new Error('enough'));
    await expect(next).rejects.toThrow('enough');
    await expect(
      copyVectors(client, { from: endless, columns: NUMBER, ...LIMITS, signal: controller.signal }).next(),
    ).rejects.toThrow('enough');
  });

  it('says what fails on the way, and the connection lives on', async () => {
    const from = 'FROM generate_series(1, 5000) AS s (i) CROSS JOIN LATERAL (SELECT 1::int8 / (4000 - i) AS n) t';
    await expect(values(NUMBER, { from, ...LIMITS, what: 'view public.v' })).rejects.toMatchObject({
      code: 'source/unfit',
      message: 'view public.v: an expression fails on a row (22012)',
    });
    await expect(values(NUMBER, { from: 'FROM nowhere', ...LIMITS })).rejects.toMatchObject({
      code: 'source/unfit',
      message: expect.stringContaining('"nowhere" does not exist'),
    });
    await client.query('SET statement_timeout = 50');
    await expect(
      values(NUMBER, { from: 'FROM pg_sleep(5), (SELECT 1::int8 AS n) t', ...LIMITS }),
    ).rejects.toMatchObject({ code: 'source/unavailable' });
    await client.query('RESET statement_timeout');
    await admin.query(`CREATE ROLE "nobody ${database.name}"; CREATE TABLE secret (n int8)`);
    await client.query(`SET ROLE "nobody ${database.name}"`);
    await expect(values(NUMBER, { from: 'FROM secret', ...LIMITS })).rejects.toMatchObject({
      code: 'source/denied',
      message: expect.stringContaining('permission denied for table secret'),
    });
    await client.query('RESET ROLE');
    await admin.query(`DROP ROLE "nobody ${database.name}"`);
    expect(await values(NUMBER, { from: 'FROM (VALUES (1::int8)) v (n)', ...LIMITS })).toEqual([[1n]]);
  });

  it('says that the connection was lost, between groups and while it waits', async () => {
    const reading = copyVectors(client, { from: endless, columns: NUMBER, ...LIMITS });
    await reading.next();
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'reader' AND datname = current_database()",
    );
    const rest = async (): Promise<void> => {
      for await (const { rowCount } of reading) expect(rowCount).toBeGreaterThan(0);
    };
    await expect(rest()).rejects.toMatchObject({ code: 'source/unavailable' });
    await expect(values(NUMBER, { from: endless, ...LIMITS })).rejects.toMatchObject({ code: 'source/unavailable' });
  });

  it('fails on a value that the lake cannot hold, naming the column, and can be told to take its text', async () => {
    await admin.query(
      `CREATE TABLE beyond (id int8, at timestamptz, amount numeric(12,2)); INSERT INTO beyond VALUES (1, '294276-12-31 23:59:59.999999Z', 'NaN')`,
    );
    const columns = await columnsOf('beyond');
    await expect(values(columns, { from: 'FROM beyond', ...LIMITS })).rejects.toMatchObject({
      code: 'source/unfit',
      message: expect.stringMatching(/^column "at": a timestamp after 294247/),
    });
    const again = await connectSource(database.url, { applicationName: 'reader' });
    client = again;
    await expect(values(columns.slice(2), { from: 'FROM beyond', ...LIMITS })).rejects.toMatchObject({
      message: expect.stringMatching(/^column "amount": NaN/),
    });
    client = await connectSource(database.url, { applicationName: 'reader' });
    const table = await describeTable(admin, 'public.beyond');
    const [, at, amount] = table?.columns ?? [];
    if (!at || !amount) throw new Error('no columns');
    const asText = [
      { sql: 'at', codec: columnCodec(at.type, { name: 'text' }) },
      { sql: 'amount', codec: columnCodec(amount.type, { name: 'numeric' }) },
    ];
    expect(await values(asText, { from: 'FROM beyond', ...LIMITS })).toEqual([
      ['294276-12-31 23:59:59.999999+00'],
      ['NaN'],
    ]);
  });
});
