import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { repository } from './repository.mjs';
import { gist, quietly, SetUpError, step } from './step.mjs';
import { node24 } from './under-node.mjs';

const stampFile = join(repository, 'node_modules', '.rollcall-lock');

/** Installs what the lock says, with `npm ci`, unless it is there. */
export async function installPackages() {
  const lockText = await readFile(join(repository, 'package-lock.json'), 'utf8');
  const stamp = createHash('sha256').update(lockText).digest('hex');
  if (existsSync(node24)) {
    if ((await readFile(stampFile, 'utf8').catch(() => '')) === stamp) return;
    const noted = await readFile(join(repository, 'node_modules', '.package-lock.json'), 'utf8').catch(() => '{}');
    if (isInstalled(JSON.parse(lockText), JSON.parse(noted))) return void (await writeFile(stampFile, stamp));
  }
  await step('packages (npm ci)', async () => {
    const { code, output } = await npmCi(JSON.parse(lockText));
    if (code !== 0) throw new SetUpError(`npm ci failed with code ${code}:\n${gist(output)}`);
    if (!existsSync(node24)) {
      throw new SetUpError(
        'npm ci brought no Node 24: its install script did not run; see `npm config get ignore-scripts`',
      );
    }
  });
  await writeFile(stampFile, stamp);
}

/** npm itself runs under Node 24 too: under an older Node it warns about every package that wants a newer one. */
async function npmCi(lock) {
  const npm = await npmCli();
  const flags = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  if (Number(process.versions.node.split('.')[0]) >= 24) return quietly(process.execPath, [npm, ...flags]);
  const wanted = `node@${lock.packages['node_modules/node'].version}`;
  // npm ci would remove it anyway; left there, `npm exec` would take the `node` in it, which may be half installed.
  await rm(join(repository, 'node_modules'), { recursive: true, force: true });
  const exec = [npm, 'exec', '--yes', '--loglevel=error', `--package=${wanted}`, '--', 'node'];
  return quietly(process.execPath, [...exec, npm, ...flags]);
}

/** npm as a script: of the npm that runs us, else of the one on PATH. */
async function npmCli() {
  const running = process.env.npm_execpath ?? '';
  if (running.endsWith('npm-cli.js') && existsSync(running)) return running;
  const folders = [dirname(process.execPath), ...(process.env.PATH ?? '').split(delimiter)];
  for (const folder of folders) {
    const path = await realpath(join(folder, 'npm')).catch(() => '');
    if (path.endsWith('npm-cli.js')) return path;
  }
  throw new SetUpError('npm is not on the PATH: install it with Node (18 or newer)');
}

/** Whether somebody ran `npm ci` or `npm install` for this very lock already. */
export function isInstalled(lock, installed) {
  return Object.entries(lock.packages).every(([path, entry]) => {
    if (!path.startsWith('node_modules/')) return true;
    const present = installed.packages?.[path];
    return present === undefined ? entry.optional === true : present.version === entry.version;
  });
}
