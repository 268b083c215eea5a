import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { testFolder } from '@rollcall/testkit';
import { expect, it } from 'vitest';
import { makeDirectory, removeOld, writeScratchFile } from './durable-file.js';

it('makes directories however deep, and again', async () => {
  await using folder = await testFolder();
  const path = join(folder.path, 'a/b/c');
  await makeDirectory(path);
  await makeDirectory(path);
  const scratch = await writeScratchFile(join(path, 'd'), Buffer.from('content'));
  expect(await readFile(scratch, 'utf8')).toBe('content');
});

it('removes what is old and nothing else', async () => {
  await using folder = await testFolder();
  await removeOld(join(folder.path, 'absent'), 0);
  await writeFile(join(folder.path, 'file'), 'x');
  await mkdir(join(folder.path, 'directory/inner'), { recursive: true });
  await removeOld(folder.path, 60_000);
  expect((await readdir(folder.path)).sort()).toEqual(['directory', 'file']);
  await removeOld(folder.path, -1);
  expect(await readdir(folder.path)).toEqual([]);
});
