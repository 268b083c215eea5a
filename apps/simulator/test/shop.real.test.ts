import pg from 'pg';
import { testDatabase, seededRandom } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { buildProgram } from '../src/command/build-program.js';
import { emptyTally, StepPlayer, type ShopTally } from '../src/shop/play-steps.js';
import { setupShop, type ShopSetup } from '../src/shop/setup-shop.js';
import { readAudit, type AuditedChange } from '../src/shop/shop-audit.js';
import { ShopModel } from '../src/shop/shop-model.js';
import { ShopScript } from '../src/shop/shop-script.js';
import { SHOP_KINDS } from '../src/shop/shop-step.js';
import { SHOP_EXTRAS, shopWeights } from '../src/shop/shop-weights.js';

const SMALL: ShopSetup = {
  seed: 'small',
  users: 40,
  transactions: 200,
  untilMs: Date.UTC(2026, 4, 1),
  extraction: false,
  audit: false,
};

async function on<T>(url: string, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

async function simulator(env: Record<string, string>, ...args: string[]): Promise<Record<string, unknown>> {
  let printed: unknown;
  const world = {
    env,
    signal: new AbortController().signal,
    nowMs: () => Date.parse('2026-05-01T12:00:00Z'),
    randomSeed: () => 'made-up',
    print: (result: unknown) => (printed = result),
    note: () => undefined,
  };
  await buildProgram(world, () => Promise.resolve()).parseAsync(args, { from: 'user' });
  return printed as Record<string, unknown>;
}

const digest = (url: string): Promise<unknown> =>
  on(url, async (client) => {
    const { rows } = await client.query(
      `SELECT (SELECT md5(string_agg(u::text, ',' ORDER BY id)) FROM public.users u) AS users,
              (SELECT md5(string_agg(t::text, ',' ORDER BY id)) FROM public.transactions t) AS transactions`,
    );
    return rows[0] as unknown;
  });

describe('the shop in a real database', () => {
  it('is made once with its rows, the same for the same seed, and is left as it is afterwards', async () => {
    await using one = await testDatabase();
    await using two = await testDatabase();
    const args = ['shop', 'setup', '--no-extraction', '--seed', 'one', '--url'];
    expect(await simulator({}, ...args, one.url)).toEqual({
      seed: 'one',
      made: true,
      users: 10_000,
      transactions: 100_000,
    });
    await simulator({}, ...args, two.url);
    expect(await digest(one.url)).toEqual(await digest(two.url));
    await simulator({}, 'shop', 'day', '--url', one.url);
    const before = await digest(one.url);
    expect(await simulator({}, ...args, one.url)).toMatchObject({ made: false, users: 10_004 });
    expect(await digest(one.url)).toEqual(before);
    const { rows } = await on(one.url, (client) =>
      client.query(
        `SELECT min(amount) >= 10 AND max(amount) <= 10000 AS amounts, count(DISTINCT transaction_type)::int AS types,
                (SELECT bool_and(address LIKE E'%\n%') FROM public.users WHERE id <= 1000) AS lines FROM public.transactions`,
      ),
    );
    expect(rows).toEqual([{ amounts: true, types: 4, lines: true }]);
  });

  it('is made by one of several who try at once', async () => {
    await using database = await testDatabase();
    const made = await Promise.all([1, 2, 3].map(() => setupShop(database.url, SMALL)));
    expect(made.filter((one) => one.made)).toHaveLength(1);
    expect(new Set(made.map(({ transactions }) => transactions))).toEqual(new Set([200]));
  });

  it('stamps what is updated, and a day brings inserts, updates and deletes', async () => {
    await using database = await testDatabase();
    await setupShop(database.url, { ...SMALL, audit: true });
    const tally = (await simulator({}, 'shop', 'day', '--url', database.url)) as unknown as ShopTally;
    expect(tally).toMatchObject({
      committed: 1,
      refused: {},
      rows: { 'add-users': 5, 'add-sales': 50, 'delete-user': 1 },
    });
    const stamped = await on(database.url, (client) =>
      client.query(`SELECT DISTINCT "table", op FROM shop_audit.change ORDER BY 1, 2`),
    );
    expect(stamped.rows).toEqual(
      ['transactions', 'users'].flatMap((table) => ['delete', 'insert', 'update'].map((op) => ({ table, op }))),
    );
    const { rows } = await on(database.url, (client) =>
      client.query(
        `SELECT bool_and((c.row ->> 'updated_at')::timestamptz > '2026-05-02') AS fresh FROM shop_audit.change c WHERE op = 'update'`,
      ),
    );
    expect(rows).toEqual([{ fresh: true }]);
  });

  it('is worked in by every kind of change, and the audit says what it has become', async () => {
    await using database = await testDatabase();
    await setupShop(database.url, { ...SMALL, users: 0, transactions: 0, audit: true });
    const seed = String(seededRandom().seed);
    const script = new ShopScript(new ShopModel({ user: 1, sale: 1 }), {
      seed,
      weights: shopWeights(SHOP_EXTRAS),
      maxOperations: 3,
      maxRows: 3,
      rollbackShare: 0.1,
      lateShare: 0.1,
      preparedShare: 0.1,
      lateFor: 20,
    });
    const tally = emptyTally();
    const kinds = new Set<string>();
    await using player = new StepPlayer(database.url, tally);
    for (const step of script.first()) await player.play(step);
    for (let n = 0; n < 1_500; n += 1) {
      for (const step of script.next()) {
        kinds.add(step.kind);
        await player.play(step);
      }
    }
    for (const step of script.finish()) await player.play(step);
    expect(tally.refused).toEqual({});
    expect(SHOP_KINDS.filter((kind) => !kinds.has(kind))).toEqual([]);
    const prepared = ['begin', 'prepare', 'commit-prepared', 'rollback-prepared', 'commit', 'rollback'];
    expect(prepared.filter((kind) => !kinds.has(kind))).toEqual([]);
    await on(database.url, async (client) => {
      const truth = replay(await readAudit(client));
      for (const table of ['users', 'transactions'] as const) {
        const columns = table === 'users' ? [...BASE.users, 'notes'] : BASE.transactions;
        const { rows } = await client.query<{ row: Record<string, string | null> }>(
          `SELECT (SELECT jsonb_object_agg(key, value) FROM jsonb_each_text(to_jsonb(t))) AS row FROM public.${table} t ORDER BY id`,
        );
        const picked = [...truth[table]].sort(([a], [b]) => a - b).map(([, row]) => pick(row, columns));
        expect(rows.map(({ row }) => pick(row, columns))).toEqual(picked);
        const model = table === 'users' ? script.model.users : script.model.sales;
        expect([...model].sort((a, b) => a - b)).toEqual(rows.map(({ row }) => Number(row['id'])));
      }
    });
  });

  it('is worked in by several at once, who refuse each other nothing but rows that have gone', async () => {
    await using database = await testDatabase();
    await setupShop(database.url, SMALL);
    const args = [
      'shop',
      'load',
      '--url',
      database.url,
      '--rate',
      'max',
      '--transactions',
      '300',
      '--also',
      'keys,copy',
    ];
    const loads = ['one', 'two'].map((seed) =>
      simulator({}, ...args, '--late', '10%', '--prepared', '5%', '--late-for', '100ms', '--seed', seed),
    );
    for (const tally of (await Promise.all(loads)) as unknown as readonly ShopTally[]) {
      expect(
        Object.keys(tally.refused).filter((code) => !['23503', '23505', '40P01', '42704', '55P03'].includes(code)),
      ).toEqual([]);
      expect(tally.committed + tally.rolledBack + sum(tally.refused)).toBeGreaterThanOrEqual(300);
    }
    const left = await on(database.url, (client) =>
      client.query('SELECT FROM pg_prepared_xacts WHERE database = current_database()'),
    );
    expect(left.rowCount).toBe(0);
  });

  it('gives the extractor a role that may read and replicate, and nothing else', async () => {
    await using database = await testDatabase();
    const env = { SHOP_OWNER_URL: database.url, EXTRACT_PASSWORD: `it's "se\\cret"` };
    for (const made of [true, false]) {
      expect(await simulator(env, 'shop', 'setup', '--users', '10', '--transactions', '10')).toMatchObject({ made });
    }
    const url = new URL(database.url);
    url.username = 'rollcall_extract';
    url.password = encodeURIComponent(env.EXTRACT_PASSWORD);
    await on(url.href, async (client) => {
      expect((await client.query('SELECT FROM public.users')).rowCount).toBe(10);
      await expect(client.query('DELETE FROM public.users')).rejects.toMatchObject({ code: '42501' });
      const slot = `shop_test_${process.pid}`;
      await client.query(`SELECT pg_create_logical_replication_slot($1, 'pgoutput')`, [slot]);
      await client.query('SELECT pg_drop_replication_slot($1)', [slot]);
      const { rows } = await client.query(
        `SELECT p.pubviaroot, t.tablename FROM pg_publication p JOIN pg_publication_tables t USING (pubname)
         WHERE pubname = 'rollcall_shop' ORDER BY 2`,
      );
      expect(rows).toEqual(['transactions', 'users'].map((tablename) => ({ pubviaroot: true, tablename })));
    });
  });

  it('says what is wrong with the database', async () => {
    await using database = await testDatabase();
    await expect(simulator({}, 'shop', 'day')).rejects.toMatchObject({ code: 'config/invalid' });
    const url = new URL(database.url);
    url.pathname = '/nobody_made_this';
    await expect(simulator({}, 'shop', 'setup', '--url', url.href)).rejects.toMatchObject({
      code: 'source/unavailable',
    });
  });
});

const BASE = {
  users: ['id', 'name', 'email', 'address', 'created_at', 'updated_at'],
  transactions: ['id', 'user_id', 'amount', 'transaction_type', 'created_at', 'updated_at'],
} as const;

type Row = Readonly<Record<string, string | null>>;

function replay(changes: readonly AuditedChange[]): Record<'users' | 'transactions', Map<number, Row>> {
  const tables = { users: new Map<number, Row>(), transactions: new Map<number, Row>() };
  for (const { table, op, old_key: old, new_key: key, row } of changes) {
    if (op === 'truncate') tables[table].clear();
    if (old !== null) tables[table].delete(old);
    if (key !== null && row) tables[table].set(key, row);
  }
  return tables;
}

function pick(row: Row, names: readonly string[]): Row {
  return Object.fromEntries(names.map((name) => [name, instant(row[name] ?? null)]));
}

/** The audit writes instants in UTC, a session in its own zone. */
function instant(text: string | null): string | null {
  return text?.replace(/\+00:00$/, 'Z') ?? null;
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, one) => all + one, 0);
}
