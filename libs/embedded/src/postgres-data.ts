import { spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import type { PostgresBinaries } from './postgres-binaries.js';
import type { SystemUser } from './system-user.js';

/** The superuser of every embedded server. */
export const SUPERUSER = 'rollcall';

/**
 * Where the data of the server in `dir` stands: `dir/data`, or, when `user` cannot reach that (a checkout in a private
 * home), a folder of the same name's digest outside; `dir/data-folder` remembers which.
 */
export async function dataFolder(dir: string, user: SystemUser | undefined): Promise<string> {
  const remembered = await readFile(noteFile(dir), 'utf8').catch(() => '');
  if (remembered !== '') return resolve(dir, remembered.trim());
  const home = user === undefined || canReach(dir, user) ? dir : await outsideHome(dir, user);
  const data = join(home, 'data');
  // Relative when inside, so that the whole folder may be moved.
  await writeFile(noteFile(dir), `${home === dir ? 'data' : data}\n`);
  return data;
}

/** Removes what `startPostgres` made in `dir`, also data that stands outside. The server must not run. */
export async function removePostgres(dir: string): Promise<void> {
  const data = resolve(dir, (await readFile(noteFile(dir), 'utf8').catch(() => 'data')).trim());
  if (dirname(data) !== resolve(dir)) await rm(dirname(data), { recursive: true, force: true });
  await rm(dir, { recursive: true, force: true });
}

/** Makes the cluster unless it is there, and gives the superuser's password, kept in `dir/password` (0600). */
export async function initialised(
  dir: string,
  data: string,
  found: PostgresBinaries,
  user?: SystemUser,
): Promise<string> {
  const passwordFile = join(dir, 'password');
  const made = await readFile(join(data, 'PG_VERSION'), 'utf8').catch(() => undefined);
  if (made !== undefined) {
    if (Number.parseInt(made, 10) === found.major) return (await readFile(passwordFile, 'utf8')).trim();
    const message = `${data} was made by PostgreSQL ${made.trim()}, this one is ${found.version}`;
    throw new RollcallError('embedded/not-started', `${message}: start with \`--fresh\`, or keep the older program`);
  }
  const password = randomBytes(24).toString('base64url');
  await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
  await chmod(passwordFile, 0o600);
  const partial = `${data}.partial`;
  await rm(partial, { recursive: true, force: true });
  await mkdir(partial, { recursive: true, mode: 0o700 });
  if (user !== undefined) await chown(partial, user.uid, user.gid);
  await runInitdb(found, partial, password, user);
  await rename(partial, data);
  return password;
}

async function runInitdb(found: PostgresBinaries, data: string, password: string, user?: SystemUser): Promise<void> {
  // C.UTF-8 orders by bytes and lowers all of Unicode; from 17 on it is built in, before that the system's.
  const locale =
    found.major >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C.UTF-8', '--lc-messages=C'];
  const pwfile = `${data}.password`;
  await writeFile(pwfile, password, { mode: 0o600 });
  if (user !== undefined) await chown(pwfile, user.uid, user.gid);
  const args = [
    '-D',
    data,
    '-U',
    SUPERUSER,
    `--pwfile=${pwfile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-sync',
  ];
  try {
    await run(join(found.bin, 'initdb'), [...args, ...locale], dirname(data), user);
  } finally {
    await rm(pwfile, { force: true });
  }
}

function run(program: string, args: readonly string[], cwd: string, user?: SystemUser): Promise<void> {
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return new Promise((done, fail) => {
    const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], ...as });
    let errors = '';
    child.stderr.on('data', (chunk) => (errors = `${errors}${String(chunk)}`.slice(-4_000)));
    child.once('error', (cause) =>
      fail(new RollcallError('embedded/not-started', `${program}: ${cause.message}`, { cause })),
    );
    child.once('close', (code) => {
      if (code === 0) done();
      else
        fail(
          new RollcallError('embedded/not-started', `${program} ended with code ${String(code)}:\n${errors.trim()}`),
        );
    });
  });
}

function noteFile(dir: string): string {
  return join(dir, 'data-folder');
}

function canReach(dir: string, user: SystemUser): boolean {
  return spawnSync('/bin/sh', ['-c', 'cd -- "$1"', 'sh', dir], { cwd: '/', uid: user.uid, gid: user.gid }).status === 0;
}

async function outsideHome(dir: string, user: SystemUser): Promise<string> {
  const name = createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 16);
  for (const home of ['/var/lib/rollcall', join(tmpdir(), 'rollcall-data')]) {
    const folder = join(home, name);
    try {
      await mkdir(folder, { recursive: true, mode: 0o755 });
      await chmod(home, 0o755);
      await stat(folder);
    } catch {
      continue;
    }
    if (canReach(folder, user)) return folder;
  }
  throw new RollcallError(
    'embedded/not-started',
    `user ${user.name} can reach neither ${dir} nor a folder in /var/lib or ${tmpdir()}`,
  );
}
