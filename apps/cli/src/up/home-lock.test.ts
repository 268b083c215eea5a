import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockHome } from './home-lock.js';
import { markOf, parseStartTicks, stillRuns } from './running-process.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'rollcall-lock-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const now = (): number => Date.now();

describe('lockHome', () => {
  it('is held once and free again after release', async () => {
    const path = join(home, 'deep', 'up.lock');
    const lock = await lockHome(path, process.pid, now);
    expect(lock.takenOver).toBe(false);
    await expect(lockHome(path, process.pid, now)).rejects.toThrow(`process ${process.pid}`);
    await lock.release();
    const again = await lockHome(path, process.pid, now);
    await again.release();
    expect(await readdir(join(home, 'deep'))).toEqual([]);
  });

  it.each([
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, since: '2026-01-01T00:00:00Z' })],
    ['of an earlier process with this number', JSON.stringify({ pid: process.pid, startTicks: '1', since: 'x' })],
    ['cut short by a full disk', '{"pid"'],
  ])('takes over a lock %s', async (_, content) => {
    const path = join(home, 'up.lock');
    await writeFile(path, content);
    const lock = await lockHome(path, process.pid, now);
    expect(lock.takenOver).toBe(true);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ pid: process.pid });
    await lock.release();
    expect(await readdir(home)).toEqual([]);
  });

  it('lets one of many have a stale lock', async () => {
    const path = join(home, 'up.lock');
    await writeFile(path, JSON.stringify({ pid: 2 ** 22 + 1, since: 'x' }));
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockHome(path, process.pid, now)));
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(1);
  });
});

describe('process marks', () => {
  it('knows this process and not its number with another start', async () => {
    const mark = await markOf(process.pid);
    expect(mark?.pid).toBe(process.pid);
    expect(mark && (await stillRuns(mark))).toBe(true);
    expect(await stillRuns({ pid: 2 ** 22 + 1 })).toBe(false);
  });

  it('reads the start time past a name with blanks and parentheses', () => {
    const fields = Array.from({ length: 30 }, (_, i) => String(i + 4));
    expect(parseStartTicks(`12 (a ) b) S ${fields.join(' ')}`)).toBe('22');
    expect(parseStartTicks(`12 (a) Z ${fields.join(' ')}`)).toBeUndefined();
  });
});
