import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { repository } from './repository.mjs';
import { gist, quietly, SetUpError, step } from './step.mjs';
import { environment, node24 } from './under-node.mjs';

const at = (...path) => join(repository, ...path);
const app = at('apps', 'reporting');
const config = join(app, 'web', 'vite.config.ts');
const built = join(app, 'dist', 'web');
/** Says what the built files were built from. Beside them, not among them: those are served. */
const stampFile = `${built}.stamp`;

/** What the web app is built from: its own files, what it shares with the server, and the versions of all packages. */
const SOURCES = [join(app, 'web'), at('libs', 'reports', 'src', 'shown'), at('package-lock.json')];

/** Builds the web app of reporting into its dist/web, unless it stands there, built from these very sources. */
export async function buildWeb() {
  const digest = await digestOf(SOURCES);
  if (existsSync(join(built, 'index.html')) && (await readFile(stampFile, 'utf8').catch(() => '')) === digest) return;
  await step('web app (vite build)', async () => {
    await forgetWeb();
    const vite = at('node_modules', 'vite', 'bin', 'vite.js');
    const args = [vite, 'build', '--config', config, '--logLevel', 'warn'];
    const { code, output } = await quietly(node24, args, { env: environment() });
    if (code !== 0) throw new SetUpError(`the web app was not built:\n${gist(output)}`);
  });
  await writeFile(stampFile, digest);
}

/** What `vite build --watch` writes carries no stamp: the next build is made anew. */
export async function forgetWeb() {
  await rm(stampFile, { force: true });
}

/** A digest of files' paths and contents; tests and what lies in hidden or installed folders do not count. */
export async function digestOf(paths) {
  const hash = createHash('sha256');
  for (const path of paths) {
    for (const file of await filesOf(path)) {
      const bytes = await readFile(file);
      hash.update(`${relative(repository, file)}\0${bytes.length}\0`).update(bytes);
    }
  }
  return hash.digest('hex');
}

async function filesOf(path) {
  const entries = await readdir(path, { withFileTypes: true }).catch((error) => {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (entries === undefined) return [path];
  const wanted = entries.filter(({ name }) => !/^(\.|node_modules$|dist$)|\.test\.ts$/.test(name));
  const found = await Promise.all(
    wanted.map((entry) => (entry.isDirectory() ? filesOf(join(path, entry.name)) : [join(path, entry.name)])),
  );
  return found.flat().sort();
}
