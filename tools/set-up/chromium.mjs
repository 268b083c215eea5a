import { quietly, SetUpError, step } from './step.mjs';

/** Names under which distributions install it, in the order they are tried. */
const PROGRAMS = ['chromium', 'chromium-browser', 'google-chrome'];

const WAY_OUT =
  'install Chromium so that it is on the PATH as chromium, chromium-browser or google-chrome (Debian: apt-get install chromium; ' +
  "Ubuntu's package is a snap, which does not run in containers), or set CHROMIUM_PATH to its program; `npm run test:unit` needs none";

/**
 * Makes sure that there is a Chromium for the browser tests: CHROMIUM_PATH, else on the PATH, else installed from the distribution where we
 * are root on Debian or Ubuntu. Its path stands in CHROMIUM_PATH afterwards, for the tests.
 */
export async function findChromium(world = thisMachine) {
  const named = world.env.CHROMIUM_PATH;
  if (named) {
    if (await world.runs(named)) return;
    throw new SetUpError(`CHROMIUM_PATH names ${named}, which does not run: ${WAY_OUT}`);
  }
  const found = (await onPath(world)) ?? (await install(world));
  world.env.CHROMIUM_PATH = found;
}

async function onPath(world) {
  for (const program of PROGRAMS) if (await world.runs(program)) return await world.pathOf(program);
  return undefined;
}

async function install(world) {
  if (!world.root || !(await world.hasApt())) throw new SetUpError(`no Chromium was found: ${WAY_OUT}`);
  const { code, output } = await world.install();
  const found = await onPath(world);
  if (found !== undefined) return found;
  const said = code === 0 ? '' : `\n${output.trimEnd().split('\n').slice(-5).join('\n')}`;
  throw new SetUpError(`Chromium could not be installed: ${WAY_OUT}${said}`);
}

const APT = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };

const thisMachine = {
  env: process.env,
  root: process.getuid?.() === 0,
  // Snap's stand-in answers too, with a sentence about snap and another exit code.
  runs: async (program) => {
    const { code, output } = await quietly(program, ['--version']);
    return code === 0 && /^(Chromium|Google Chrome) \d/m.test(output);
  },
  pathOf: async (program) => (await quietly('/bin/sh', ['-c', `command -v ${program}`])).output.trim(),
  hasApt: async () => (await quietly('apt-get', ['--version'])).code === 0,
  install: () =>
    step('Chromium (package of the distribution)', async () => {
      const args = ['-q', '-y', 'install', '--no-install-recommends', 'chromium'];
      const first = await quietly('apt-get', args, APT);
      if (first.code === 0) return first;
      // The machine's package lists may be missing or old.
      await quietly('apt-get', ['-q', 'update'], APT);
      return quietly('apt-get', args, APT);
    }),
};
