import { randomBytes } from 'node:crypto';
import { testDatabase, until } from '@rollcall/testkit';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { connectSource, type SourceConnectionOptions } from '../connect/connect-source.js';
import { ensurePublication } from './ensure-publication.js';
import { identifySystem } from './identify-system.js';
import { readPublication } from './read-publication.js';
import { createSlot, dropSlot, readSlot } from './replication-slot.js';
import { sqlForDba } from './sql-for-dba.js';

const NAMED: SourceConnectionOptions = { applicationName: 'test' };
const USERS = { schema: 'public', name: 'users' };

/** A database with a table, a connection, a replication connection and a name for a slot. */
async function source() {
  const database = await testDatabase();
  const client = await connectSource(database.url, NAMED);
  const replication = await connectSource(database.url, { ...NAMED, replication: 'database' });
  const slot = `test_${randomBytes(6).toString('hex')}`;
  await client.query('CREATE TABLE users (id int PRIMARY KEY); INSERT INTO users VALUES (1)');
  return {
    ...{ url: database.url, name: database.name, client, replication, slot },
    async [Symbol.asyncDispose]() {
      await replication.end();
      await dropSlot(client, slot);
      await client.end();
      await database.drop();
    },
  };
}

describe('a slot', () => {
  it('comes with a snapshot of exactly what was committed before its consistent point', async () => {
    await using it = await source();
    const made = await createSlot(it.replication, it.slot);
    await it.client.query('INSERT INTO users VALUES (2)');
    const reader = await connectSource(it.url, NAMED);
    await reader.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await reader.query(`SET TRANSACTION SNAPSHOT ${pg.escapeLiteral(made.snapshot)}`);
    expect((await reader.query('SELECT id FROM users')).rows).toEqual([{ id: 1 }]);
    await reader.end();
    const state = await readSlot(it.client, it.slot);
    expect(state).toMatchObject({
      ...{ name: it.slot, plugin: 'pgoutput', database: it.name, activePid: null, confirmedLsn: made.consistentPoint },
      ...{ temporary: false, walStatus: 'reserved', invalidation: null, twoPhase: false },
    });
    expect(state?.lagBytes).toBeGreaterThan(0n);
    expect(state?.retainedBytes).toBeGreaterThanOrEqual(state?.lagBytes ?? 0n);
  });

  it('is not made twice, and dropped as often as one likes', async () => {
    await using it = await source();
    await createSlot(it.replication, it.slot);
    await expect(createSlot(it.replication, it.slot)).rejects.toMatchObject({ code: 'source/unfit' });
    await dropSlot(it.client, it.slot);
    await dropSlot(it.client, it.slot);
    expect(await readSlot(it.client, it.slot)).toBeUndefined();
  });

  it('waits for transactions that write, until its connection is told not to', async () => {
    await using it = await source();
    const writer = await connectSource(it.url, NAMED);
    await writer.query('BEGIN; INSERT INTO users VALUES (3)');
    const abort = new AbortController();
    const replication = await connectSource(it.url, { ...NAMED, replication: 'database', signal: abort.signal });
    const made = createSlot(replication, it.slot).catch((error: unknown) => error);
    await until(() => readSlot(it.client, it.slot), { what: 'the slot to wait' });
    abort.abort();
    expect(await made).toMatchObject({ code: 'source/unavailable' });
    await writer.end();
    await until(async () => (await readSlot(it.client, it.slot)) === undefined, { what: 'the slot to go' });
  });
});

describe('a publication', () => {
  it('is made once, then only added to', async () => {
    await using it = await source();
    await it.client.query('CREATE TABLE orders (id int PRIMARY KEY)');
    const ensure = (...tables: string[]) =>
      ensurePublication(it.client, { publication: 'It "is"', tables: tables.map((name) => ({ ...USERS, name })) });
    expect(await ensure('users')).toHaveLength(1);
    expect(await ensure('users')).toEqual([]);
    expect(await ensure('users', 'orders')).toEqual(['ALTER PUBLICATION "It ""is""" ADD TABLE "public"."orders"']);
    expect(await ensure('orders')).toEqual([]);
    expect(await readPublication(it.client, 'It "is"')).toMatchObject({
      ...{ allTables: false, insert: true, update: true, delete: true, truncate: true, viaRoot: true },
      tables: [
        { ...USERS, name: 'orders', rowFilter: null, columns: null },
        { ...USERS, rowFilter: null, columns: null },
      ],
    });
  });

  it('that a role may not make is told as SQL for whoever may, and that SQL does', async () => {
    await using it = await source();
    const role = `plain_${randomBytes(4).toString('hex')}`;
    await it.client.query(`CREATE ROLE ${role} LOGIN`);
    await it.client.query(`SET ROLE ${role}`);
    const refused = ensurePublication(it.client, { publication: 'it', tables: [USERS] });
    await expect(refused).rejects.toMatchObject({
      code: 'source/denied',
      message: expect.stringContaining('CREATE PUBLICATION "it" FOR TABLE "public"."users"') as string,
    });
    await it.client.query('RESET ROLE');
    const sql = sqlForDba({ slot: it.slot, publication: 'it', tables: [USERS], role });
    for (const line of sql.trim().split('\n')) await it.client.query(line);
    expect((await readSlot(it.client, it.slot))?.plugin).toBe('pgoutput');
    expect((await readPublication(it.client, 'it'))?.tables).toHaveLength(1);
    await it.client.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  });
});

describe('identifySystem', () => {
  it('says the same to any role and on either kind of connection', async () => {
    await using it = await source();
    const admin = await identifySystem(it.client);
    const [own] = (await it.replication.query<{ systemid: string; timeline: string }>('IDENTIFY_SYSTEM')).rows;
    expect(admin).toMatchObject({ systemId: own?.systemid, timeline: Number(own?.timeline), standby: false });
    expect(admin.lsn).toBeGreaterThan(0n);
    expect((await identifySystem(it.replication)).systemId).toBe(admin.systemId);
    const role = `plain_${randomBytes(4).toString('hex')}`;
    await it.client.query(`CREATE ROLE ${role}`);
    await it.client.query(`SET ROLE ${role}`);
    expect((await identifySystem(it.client)).systemId).toBe(admin.systemId);
    await it.client.query('RESET ROLE');
    await it.client.query(`DROP ROLE ${role}`);
  });
});
