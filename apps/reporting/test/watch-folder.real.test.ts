import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { testFolder, until } from '@rollcall/testkit';
import { describe, expect, it } from 'vitest';
import { watchFolder } from '../src/engine/watch-folder.js';

async function watched(act: (dir: string, changes: () => number) => Promise<void>): Promise<void> {
  await using folder = await testFolder();
  await mkdir(join(folder.path, 'a'));
  await writeFile(join(folder.path, 'a', 'view.sql'), 'SELECT 1');
  const stop = new AbortController();
  let changes = 0;
  const { ended } = await watchFolder(folder.path, () => void (changes += 1), stop.signal);
  await act(folder.path, () => changes);
  stop.abort();
  await ended;
}

const told = (changes: () => number, count: number): Promise<unknown> =>
  until(() => changes() >= count, { what: `change ${count} to be told` });

describe('a watched folder', () => {
  it('tells of files that are written, replaced, added and removed', async () => {
    await watched(async (dir, changes) => {
      await writeFile(join(dir, 'a', 'view.sql'), 'SELECT 2 AS two');
      await told(changes, 1);
      await writeFile(join(dir, 'new'), 'SELECT 33');
      await rename(join(dir, 'new'), join(dir, 'a', 'view.sql'));
      await told(changes, 2);
      await mkdir(join(dir, 'b'));
      await writeFile(join(dir, 'b', 'view.sql'), 'SELECT 4');
      await told(changes, 3);
      await rm(join(dir, 'a'), { recursive: true });
      await told(changes, 4);
    });
  });

  it('waits for the rest of a file that an editor has only emptied yet', async () => {
    await watched(async (dir, changes) => {
      const file = join(dir, 'a', 'view.sql');
      await writeFile(file, '');
      // Longer than a quiet moment, shorter than an empty file is waited for.
      await delay(700);
      expect(changes()).toBe(0);
      await writeFile(file, 'SELECT 5');
      await told(changes, 1);
    });
  });

  it('tells of many files at once once', async () => {
    await watched(async (dir, changes) => {
      for (let at = 0; at < 20; at++) await writeFile(join(dir, 'a', `${at}.sql`), 'SELECT 6');
      await told(changes, 1);
      await delay(500);
      expect(changes()).toBeLessThanOrEqual(2);
    });
  });
});
