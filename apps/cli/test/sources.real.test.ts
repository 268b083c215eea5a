import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadCatalog } from '@rollcall/catalog';
import { testDatabase, testFolder, type TestDatabase, type TestFolder } from '@rollcall/testkit';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { jsonLines, runCli, type CliRun } from './run-cli.js';

describe('databases as sources', () => {
  let folder: TestFolder;
  let database: TestDatabase;
  let admin: pg.Client;
  let catalog: string;
  let role: string;

  beforeEach(async () => {
    folder = await testFolder();
    database = await testDatabase();
    catalog = join(folder.path, 'catalog');
    await mkdir(catalog);
    await writeFile(
      join(catalog, 'app.yaml'),
      'source: app\nkind: logs\ndatasets:\n  orders: { capture: { mode: events }, columns: { id: { type: text } }, key: [id] }\n',
    );
    role = `reader_${randomBytes(5).toString('hex')}`;
    admin = new pg.Client({ connectionString: database.url });
    await admin.connect();
    await admin.query(`
CREATE TABLE users (id bigint PRIMARY KEY, name text, balance numeric(12,2), tags text[], updated_at timestamptz DEFAULT now());
CREATE TABLE secrets (id int PRIMARY KEY);
CREATE TABLE visits (at timestamptz);
CREATE VIEW active AS SELECT id FROM users;
CREATE ROLE ${role} LOGIN PASSWORD 'of a reader';
GRANT SELECT ON users, visits, active TO ${role};`);
  });

  afterEach(async () => {
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await admin.end();
    await database.drop();
    await folder.remove();
  });

  function run(...args: readonly string[]): Promise<CliRun> {
    return runCli({ env: { SHOP_URL: database.url }, dir: folder.path }, '--catalog', catalog, ...args);
  }

  function asReader(): string {
    const url = new URL(database.url);
    url.username = role;
    url.password = 'of a reader';
    return url.href;
  }

  it('writes a catalog file that passes the check, with a way of capture for every table', async () => {
    const added = await run('source', 'add', database.url, '--name', 'shop');
    expect(added.err).not.toContain('missing:');
    expect(added.code).toBe(0);
    const { datasets } = await loadCatalog(catalog);
    expect([...datasets.values()].map(({ name, capture, key }) => [name, capture.mode, key])).toEqual(
      expect.arrayContaining([
        ['users', 'log', ['id']],
        ['secrets', 'log', ['id']],
        ['visits', 'full', []],
        ['active', 'full', []],
      ]),
    );
    expect(datasets.get('users')?.columns.map(({ name, type }) => [name, type.name])).toEqual([
      ['id', 'int8'],
      ['name', 'text'],
      ['balance', 'decimal'],
      ['tags', 'array'],
      ['updated_at', 'timestamptz'],
    ]);
    const text = await readFile(join(catalog, 'shop.yaml'), 'utf8');
    expect(text).toContain('connection: SHOP_URL');
    expect(text).not.toContain(new URL(database.url).password);
  });

  it('takes what a role without privileges can, and says what gives it more', async () => {
    const added = await run('source', 'add', asReader(), '--name', 'shop');
    expect(added.err).toContain('left out: public.secrets');
    const users = (await loadCatalog(catalog)).datasets.get('users');
    expect(users?.capture).toMatchObject({ mode: 'watermark', cursor: 'updated_at', sweepSeconds: 86_400 });
    expect(await readFile(join(catalog, 'shop.yaml'), 'utf8')).toContain('has no REPLICATION');
  });

  it('keeps names apart from those of other sources, and never overwrites a file', async () => {
    await admin.query('CREATE TABLE orders (id int PRIMARY KEY)');
    expect((await run('source', 'add', database.url, '--name', 'shop')).code).toBe(0);
    expect([...(await loadCatalog(catalog)).datasets.keys()]).toContain('shop_orders');
    const again = await run('source', 'add', database.url, '--name', 'shop');
    expect(again.code).toBe(78);
    expect(again.err).toContain('stands there already');
  });

  it('names a table that is not there, with those that are', async () => {
    const added = await run('source', 'add', database.url, '--name', 'shop', '--table', 'public.user');
    expect(added.code).not.toBe(0);
    expect(added.err).toContain('there is no table public.user; there is public.active');
    expect((await run('source', 'add', 'http://x')).err).toContain('expected postgres://');
  });

  it('shows slots: none yet, one that nobody reads, one whose database does not answer', async () => {
    const slot = `s_${randomBytes(5).toString('hex')}`;
    await writeFile(
      join(catalog, 'shop.yaml'),
      `source: shop\nkind: postgres\nconnection: SHOP_URL\nlog: { slot: ${slot} }\ndatasets:\n  users: { from: public.users, capture: { mode: log }, key: [id] }\n`,
    );
    const none = await run('slots');
    expect(none.code).toBe(1);
    expect(none.out).toContain('there is none');
    await admin.query(`SELECT pg_create_logical_replication_slot('${slot}', 'pgoutput')`);
    const found = await run('slots', 'shop', '--json');
    expect(found.code).toBe(0);
    expect(jsonLines(found)).toMatchObject([
      { source: 'shop', slot, datasets: ['users'], state: { activePid: null, walStatus: 'reserved' } },
    ]);
    const away = await runCli(
      { env: { SHOP_URL: 'postgres://x:not-shown@127.0.0.1:1/x' }, dir: folder.path },
      '--catalog',
      catalog,
      'slots',
    );
    expect(away.code).toBe(1);
    expect(away.out).toContain('does not answer');
    expect(away.out + away.err).not.toContain('not-shown');
    expect((await run('slots', 'app')).err).toContain('there is shop');
    await admin.query(`SELECT pg_drop_replication_slot('${slot}')`);
  });
});
