import { chmod, copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractDeb } from './deb.mjs';
import { repository } from './repository.mjs';
import { quietly, SetUpError, step } from './step.mjs';

const fetched = join(repository, '.rollcall', 'bin', 'nats-server');
const WAY_OUT =
  'install nats-server 2.9 or newer so that it is on the PATH (Debian, Ubuntu: apt-get install nats-server; macOS: brew install nats-server), ' +
  'or set NATS_URL to one that runs with JetStream';

/** Makes sure that there is a nats-server of at least 2.9: on PATH, or fetched from the distribution without root. */
export async function fetchNatsServer() {
  for (const program of [fetched, 'nats-server']) {
    if (isNewEnough((await quietly(program, ['--version'])).output)) return;
  }
  await step('nats-server (package of the distribution)', async () => {
    const work = await mkdtemp(join(tmpdir(), 'rollcall-nats-'));
    try {
      await unpack(await downloadPackage(work), work);
    } finally {
      await rm(work, { recursive: true, force: true });
    }
    const { output } = await quietly(fetched, ['--version']);
    if (!isNewEnough(output)) {
      throw new SetUpError(`the distribution's nats-server is too old (${output.trim()}): ${WAY_OUT}`);
    }
  });
}

/** @param {string} text what `nats-server --version` printed */
export function isNewEnough(text) {
  const [, major, minor] = /v(\d+)\.(\d+)\./.exec(text) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 9);
}

/** With the machine's package lists, else with lists of our own: neither needs root. */
async function downloadPackage(work) {
  // The package managers' own account cannot write to our folder; without this it warns.
  const common = ['-q', '-o', 'APT::Sandbox::User=root'];
  const download = (options) => quietly('apt-get', [...common, ...options, 'download', 'nats-server'], { cwd: work });
  let { code } = await download([]);
  if (code !== 0) {
    const own = await ownLists(work);
    await quietly('apt-get', [...common, ...own, 'update'], { cwd: work });
    ({ code } = await download(own));
  }
  const file = (await readdir(work)).find((name) => name.endsWith('.deb'));
  if (code !== 0 || file === undefined) throw new SetUpError(`nats-server was not found: ${WAY_OUT}`);
  return join(work, file);
}

async function ownLists(work) {
  for (const folder of ['lists/partial', 'cache/archives/partial'])
    await mkdir(join(work, folder), { recursive: true });
  return [
    '-o',
    `Dir::State::Lists=${join(work, 'lists')}`,
    '-o',
    `Dir::Cache=${join(work, 'cache')}`,
    '-o',
    'Debug::NoLocking=true',
  ];
}

async function unpack(deb, work) {
  const into = join(work, 'package');
  await mkdir(into);
  await extractDeb(deb, into);
  const program = ['usr/bin', 'usr/sbin', 'bin']
    .map((dir) => join(into, dir, 'nats-server'))
    .find((path) => existsSync(path));
  if (program === undefined) throw new SetUpError(`the package holds no nats-server: ${WAY_OUT}`);
  await mkdir(join(repository, '.rollcall', 'bin'), { recursive: true });
  const partial = `${fetched}.${process.pid}`;
  await copyFile(program, partial);
  await chmod(partial, 0o755);
  await rename(partial, fetched);
}
