import { access, constants, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';

interface Owner {
  readonly parent: string;
  readonly server: string;
}

/**
 * Takes a data folder for this process. A folder whose owner lives is refused; a server left behind by an owner that
 * died is stopped first, so that two servers never write one folder.
 */
export async function takeFolder(dir: string): Promise<void> {
  await access(dir, constants.R_OK | constants.W_OK | constants.X_OK).catch((cause: unknown) => {
    const message = `${dir} belongs to another account: remove it, or start as that account`;
    throw new RollcallError('embedded/not-started', message, { cause });
  });
  const owner = await readOwner(dir);
  if (owner === undefined) return;
  if (await isAlive(owner.server)) {
    if (await isAlive(owner.parent)) {
      const message = `${dir} is in use by process ${pidOf(owner.parent)} (server ${pidOf(owner.server)})`;
      throw new RollcallError('embedded/in-use', message);
    }
    await stopOrphan(owner.server);
  }
  await rm(ownerFile(dir), { force: true });
}

/** Notes who runs the server of this folder. */
export async function noteOwner(dir: string, serverPid: number): Promise<void> {
  const owner: Owner = { parent: await identify(process.pid), server: await identify(serverPid) };
  await writeFile(ownerFile(dir), JSON.stringify(owner));
}

/** Gives the folder free, unless the server of somebody else has it by now. */
export async function releaseFolder(dir: string, serverPid: number): Promise<void> {
  const owner = await readOwner(dir);
  if (owner !== undefined && pidOf(owner.server) === serverPid) await rm(ownerFile(dir), { force: true });
}

function ownerFile(dir: string): string {
  return join(dir, 'owner.json');
}

async function readOwner(dir: string): Promise<Owner | undefined> {
  const text = await readFile(ownerFile(dir), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(text) as Partial<Owner>;
    return value.parent && value.server ? { parent: value.parent, server: value.server } : undefined;
  } catch {
    // Written by a process that died while writing: its server, if any, is found by its own lock file.
    return undefined;
  }
}

/** `<pid>:<start time>`: a pid alone may belong to another process by now. Without /proc the start time is empty. */
async function identify(pid: number): Promise<string> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const startTime = text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  return `${pid}:${startTime}`;
}

async function isAlive(identity: string): Promise<boolean> {
  const pid = pidOf(identity);
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return (await identify(pid)) === identity && !(await isZombie(pid));
}

async function isZombie(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return text.slice(text.lastIndexOf(')') + 2).startsWith('Z');
}

async function stopOrphan(identity: string): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', 10_000],
    ['SIGKILL', 3_000],
  ] as const) {
    sendSignal(pidOf(identity), signal);
    for (let waited = 0; waited < waitMs; waited += 50) {
      if (!(await isAlive(identity))) return;
      await delay(50);
    }
  }
  throw new RollcallError(
    'embedded/in-use',
    `the server ${pidOf(identity)} left behind by a killed process cannot be stopped`,
  );
}

function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It ended by itself between the look and the signal: that is what we want.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function pidOf(identity: string): number {
  return Number(identity.split(':')[0]);
}
