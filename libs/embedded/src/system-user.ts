import { spawnSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { RollcallError } from '@rollcall/kernel';

/** An account of this machine. */
export interface SystemUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

const OWN_ACCOUNT = 'rollcall';

/**
 * Whom PostgreSQL runs as: undefined (ourselves) for a plain user; for root, which PostgreSQL refuses, the account
 * `postgres` or `rollcall`, made when there is neither.
 * @throws RollcallError embedded/not-started when root can neither find nor make such an account
 */
export async function postgresUser(): Promise<SystemUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const present = await accountOf(['postgres', OWN_ACCOUNT]);
  if (present !== undefined) return present;
  for (const [program, args] of MAKERS) {
    if (spawnSync(program, args, { stdio: 'ignore' }).status !== 0) continue;
    const made = await accountOf([OWN_ACCOUNT]);
    if (made !== undefined) return made;
  }
  const message = `PostgreSQL does not run as root and no account for it could be made: add one with \`useradd --system ${OWN_ACCOUNT}\``;
  throw new RollcallError('embedded/not-started', message);
}

const MAKERS: readonly (readonly [string, readonly string[]])[] = [
  ['useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/bin/sh', OWN_ACCOUNT]],
  ['adduser', ['-S', '-D', '-H', '-s', '/bin/sh', OWN_ACCOUNT]],
];

async function accountOf(names: readonly string[]): Promise<SystemUser | undefined> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const name of names) {
    const line = lines.find((fields) => fields[0] === name);
    if (line !== undefined) return { name, uid: Number(line[2]), gid: Number(line[3]) };
  }
  return undefined;
}
