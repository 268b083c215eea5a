import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { repository } from './repository.mjs';
import { gist, quietly, SetUpError, step } from './step.mjs';
import { environment, node24 } from './under-node.mjs';

const stampFile = join(repository, '.rollcall', 'build-stamp');
const SKIPPED = new Set(['node_modules', 'dist', '.rollcall', '.nx', '.git']);

/** Compiles with `tsc -b`, unless no source has changed since it last succeeded. */
export async function build() {
  const stamp = await sourceStamp();
  if (stamp === (await readFile(stampFile, 'utf8').catch(() => '')) && (await isBuilt())) return;
  await rm(stampFile, { force: true });
  await step('build (tsc -b)', async () => {
    const tsc = join(repository, 'node_modules', 'typescript', 'bin', 'tsc');
    const { code, output } = await quietly(node24, [tsc, '-b', '--pretty', 'false'], { env: environment() });
    if (code !== 0) throw new SetUpError(`the build failed:\n${gist(output)}`);
  });
  await mkdir(join(repository, '.rollcall'), { recursive: true });
  await writeFile(stampFile, stamp);
}

/** Path, size and time of every file that the compiler may read; asking tsc the same takes a second. */
async function sourceStamp() {
  const hash = createHash('sha256');
  for (const top of ['libs', 'apps']) await addFolder(join(repository, top), hash);
  for (const file of await readdir(repository)) {
    if (/^tsconfig.*\.json$/.test(file)) await addFile(join(repository, file), hash);
  }
  return hash.digest('hex');
}

async function addFolder(folder, hash) {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (SKIPPED.has(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await addFolder(path, hash);
    else if (/\.(ts|json)$/.test(entry.name)) await addFile(path, hash);
  }
}

async function addFile(path, hash) {
  const { size, mtimeMs } = await stat(path);
  hash.update(`${path}\n${size}\n${mtimeMs}\n`);
}

/** Somebody may have removed the results and left the stamp. */
async function isBuilt() {
  const { references } = JSON.parse(await readFile(join(repository, 'tsconfig.json'), 'utf8'));
  return references.every(({ path }) => existsSync(join(repository, path, 'dist')));
}
