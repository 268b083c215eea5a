import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import { isErrno, randomName, syncDirectory, writeScratchFile } from './durable-file.js';

/** A holder that has not finished after this long is taken for dead. Holding takes milliseconds. */
const STALE_MS = 10_000;
const WAIT_MS = 20_000;

/**
 * Compare-and-swap on files. The lock of a path is a directory with one entry: the holder's new content, already durable.
 * - Taking it: rename of a private directory over the lock's name. That works only while the name is free or an empty directory.
 * - The swap: rename of the entry to the path. It empties the directory, which is the release.
 * - A dead holder's lock is moved away, entry and all. Should that holder live after all, its swap finds no entry and fails:
 *   a thief can cost it a try, never let it write over a newer version.
 */
export class FileSwap {
  readonly #locks: string;

  /** @param folder a folder on the same file system as the paths to swap */
  constructor(folder: string) {
    this.#locks = join(folder, 'locks');
  }

  /**
   * Puts `bytes` in place of the version that `isCurrent` recognises, durably.
   * @returns whether it did; false when another version stands there, or none. Code `lake/conflict` when the lock cannot be had in 20 s.
   */
  async swap(path: string, bytes: Uint8Array, isCurrent: () => Promise<boolean>): Promise<boolean> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const entry = await this.#acquire(path, bytes, deadline);
      try {
        if (!(await isCurrent())) return false;
        await makeLater(entry, path);
        await rename(entry, path);
        await syncDirectory(dirname(path));
        return true;
      } catch (error) {
        // The lock was taken from us before the swap: nothing happened, so try again.
        if (!isErrno(error, 'ENOENT') || Date.now() > deadline) throw error;
      } finally {
        await rm(entry, { force: true });
      }
    }
  }

  /** Waits for the lock of `path`; gives the path of our entry in it. */
  async #acquire(path: string, bytes: Uint8Array, deadline: number): Promise<string> {
    const lock = join(this.#locks, createHash('sha256').update(path).digest('hex').slice(0, 32));
    const owner = `${HOST}.${process.pid}.${randomName()}`;
    const mine = join(this.#locks, `new-${owner}`);
    await mkdir(mine, { recursive: true });
    try {
      const entry = join(mine, owner);
      await rename(await writeScratchFile(mine, bytes), entry);
      for (;;) {
        // The entry's age is that of the hold, not of the wait.
        await utimes(entry, new Date(), new Date());
        if (await takeName(mine, lock)) return join(lock, owner);
        if (Date.now() > deadline)
          throw new RollcallError('lake/conflict', `${path} is being changed by others for too long`);
        if (await isStale(lock)) await this.#moveAway(lock);
        else await sleep(2 + Math.random() * 10);
      }
    } catch (error) {
      await rm(mine, { recursive: true, force: true });
      throw error;
    }
  }

  async #moveAway(lock: string): Promise<void> {
    const away = join(this.#locks, `stale-${randomName()}`);
    try {
      await rename(lock, away);
    } catch (error) {
      if (isErrno(error, 'ENOENT')) return;
      throw error;
    }
    await rm(away, { recursive: true, force: true });
  }
}

async function takeName(mine: string, lock: string): Promise<boolean> {
  try {
    await rename(mine, lock);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOTEMPTY', 'EEXIST')) return false;
    throw error;
  }
}

async function isStale(lock: string): Promise<boolean> {
  try {
    const [owner] = await readdir(lock);
    if (owner === undefined) return false;
    const [host, pid] = owner.split('.');
    if (host === HOST && !isAlive(Number(pid))) return true;
    return Date.now() - (await stat(join(lock, owner))).ctimeMs > STALE_MS;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

/** mtime is part of the etag: each version of a path is made strictly later than the one before, however coarse the clock. */
async function makeLater(entry: string, path: string): Promise<void> {
  const [next, current] = await Promise.all([stat(entry, { bigint: true }), stat(path, { bigint: true })]);
  if (next.mtimeNs > current.mtimeNs) return;
  const later = Number(current.mtimeMs + 2n) / 1000;
  await utimes(entry, later, later);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return !isErrno(error, 'ESRCH');
  }
}

/** Tells machines and containers apart, so that a process id is only asked for where it means something. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
