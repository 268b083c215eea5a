import { randomBytes } from 'node:crypto';
import { testDatabase, until } from '@rollcall/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectSource } from './connect-source.js';

const NAMED = { applicationName: 'test' };
let database: Awaited<ReturnType<typeof testDatabase>>;

beforeAll(async () => {
  database = await testDatabase();
});

afterAll(() => database.drop());

/** The URL with other parts, and a password that must never be seen. */
function changed(change: (url: URL) => void): string {
  const url = new URL(database.url);
  change(url);
  return url.href;
}

describe('connectSource', () => {
  it('sets what values are read under, whatever role, database and URL say', async () => {
    const url = `${database.url}?options=${encodeURIComponent('-c DateStyle=German -c work_mem=5MB')}`;
    const client = await connectSource(url, { ...NAMED, statementTimeoutMs: 1234 });
    const { rows } =
      await client.query(`SELECT current_setting('DateStyle') AS style, current_setting('TimeZone') AS zone,
      current_setting('work_mem') AS mem, current_setting('statement_timeout') AS limit, current_setting('application_name') AS name,
      1::int8 AS big, '2024-01-01T00:00:00.123456Z'::timestamptz AS at`);
    expect(rows).toEqual([
      {
        ...{ style: 'ISO, DMY', zone: 'UTC', mem: '5MB', limit: '1234ms', name: 'test' },
        ...{ big: '1', at: '2024-01-01 00:00:00.123456+00' },
      },
    ]);
    await client.end();
  });

  it.each([
    ['a wrong password', (url: URL): void => void (url.password = 'geheim!'), 'source/unavailable', 'password'],
    [
      'an unknown database',
      (url: URL): void => void (url.pathname = '/nobody'),
      'source/unavailable',
      'no such database',
    ],
    ['a port where nobody listens', (url: URL): void => void (url.port = '1'), 'source/unavailable', 'ECONNREFUSED'],
    ['an unknown host', (url: URL): void => void (url.hostname = 'nobody.invalid'), 'source/unavailable', 'E'],
    [
      'a server without TLS',
      (url: URL): void => void (url.search = '?sslmode=verify-full'),
      'source/unavailable',
      'SSL',
    ],
  ] as const)('names %s, and never the password', async (_, change, code, part) => {
    const url = changed(change);
    const { password } = new URL(url);
    const error: unknown = await connectSource(url, NAMED).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code, message: expect.stringContaining(part) as string });
    expect(String(error)).not.toContain(password);
  });

  it('names a URL that is none, without showing it', async () => {
    const error: unknown = await connectSource('postgres://me:geheim@[', NAMED).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'config/invalid' });
    expect(JSON.stringify(error) + String(error)).not.toContain('geheim');
    expect(error).not.toHaveProperty('cause');
  });

  it('names the privileges to connect and to replicate with the SQL that gives them', async () => {
    const role = `plain_${randomBytes(4).toString('hex')}`;
    const admin = await connectSource(database.url, NAMED);
    await admin.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'secret'; REVOKE CONNECT ON DATABASE ${database.name} FROM PUBLIC`,
    );
    const url = changed((at) => ((at.username = role), (at.password = 'secret')));
    await expect(connectSource(url, NAMED)).rejects.toMatchObject({
      code: 'source/denied',
      message: expect.stringContaining(`GRANT CONNECT ON DATABASE "${database.name}" TO "${role}";`) as string,
    });
    await admin.query(`GRANT CONNECT ON DATABASE ${database.name} TO ${role}`);
    await expect(connectSource(url, { ...NAMED, replication: 'database' })).rejects.toMatchObject({
      code: 'source/denied',
      message: expect.stringContaining(`ALTER ROLE "${role}" REPLICATION;`) as string,
    });
    await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    await admin.end();
  });

  it('survives that it is lost', async () => {
    const [client, admin] = await Promise.all([connectSource(database.url, NAMED), connectSource(database.url, NAMED)]);
    const pid = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    let ended = false;
    client.once('end', () => (ended = true));
    await admin.query('SELECT pg_terminate_backend($1)', [pid.rows[0]?.pid]);
    await until(() => ended, { what: 'the connection to be lost' });
    await admin.end();
  });

  it('ends what it is doing when its signal says so, and does not begin when it said so before', async () => {
    const abort = new AbortController();
    const client = await connectSource(database.url, { ...NAMED, signal: abort.signal });
    const sleeping = client.query('SELECT pg_sleep(60)').catch((error: unknown) => error);
    abort.abort(new Error('enough'));
    expect(await sleeping).toMatchObject({ message: 'Connection terminated' });
    await expect(connectSource(database.url, { ...NAMED, signal: abort.signal })).rejects.toThrow('enough');
  });
});
