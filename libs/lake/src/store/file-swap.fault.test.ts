import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FileSwap } from './file-swap.js';

/** Of a process that has ended. */
const DEAD_PID = spawnSync('true').pid;

describe('a lock on a file', () => {
  let dir: string;
  let path: string;
  let locks: string;
  let lock: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'rollcall-swap-'));
    path = join(dir, 'document');
    locks = join(dir, 'locks');
    lock = join(locks, createHash('sha256').update(path).digest('hex').slice(0, 32));
    await writeFile(path, 'before');
  });
  afterEach(() => rm(dir, { recursive: true }));

  function hostOf(name: string): string {
    return createHash('sha256').update(name).digest('hex').slice(0, 8);
  }

  async function leaveLock(owner: string, seconds: number): Promise<void> {
    await mkdir(lock, { recursive: true });
    await writeFile(join(lock, owner), 'of somebody else');
    const at = Date.now() / 1000 - seconds;
    await utimes(join(lock, owner), at, at);
  }

  async function swap(text: string, isCurrent = async (): Promise<boolean> => true): Promise<boolean> {
    return new FileSwap(dir).swap(path, Buffer.from(text), isCurrent);
  }

  it('is taken over at once from a dead process of this machine', async () => {
    await leaveLock(`${hostOf(hostname())}.${DEAD_PID}.aa`, 0);
    const started = performance.now();
    expect(await swap('after')).toBe(true);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(await readFile(path, 'utf8')).toBe('after');
  });

  it('is waited for while its holder lives', async () => {
    const owner = `${hostOf(hostname())}.${process.pid}.aa`;
    await leaveLock(owner, 0);
    let done = false;
    const swapping = swap('after').then((swapped) => (done = swapped));
    // The holder swaps: it sees no change of ours in between.
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(done).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('before');
    await rename(join(lock, owner), path);
    expect(await swapping).toBe(true);
    expect(await readFile(path, 'utf8')).toBe('after');
  });

  it('cannot be used by a holder it was taken from: the newer version stays', async () => {
    let stolen = false;
    const slow = swap('slow', async () => {
      if (stolen) return false;
      stolen = true;
      // While the slow one is between its look and its swap, it is taken for dead; another one swaps.
      await rename(lock, join(locks, 'stale-test'));
      expect(await swap('newer')).toBe(true);
      return true;
    });
    expect(await slow).toBe(false);
    expect(await readFile(path, 'utf8')).toBe('newer');
  });

  it('leaves nothing behind', async () => {
    expect(await swap('no', async () => false)).toBe(false);
    await Promise.all(Array.from({ length: 8 }, (_, i) => swap(`text ${i}`)));
    await expect(swap('x', () => Promise.reject(new Error('the look failed')))).rejects.toThrow('the look failed');
    for (const name of await readdir(locks)) {
      expect(name).not.toMatch(/^(new|stale)-/);
      expect(await readdir(join(locks, name))).toEqual([]);
    }
  });
});
