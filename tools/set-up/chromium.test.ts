import { describe, expect, it } from 'vitest';
import { findChromium } from './chromium.mjs';
import { SetUpError } from './step.mjs';

interface Machine {
  readonly env?: Record<string, string>;
  readonly has?: readonly string[];
  readonly root?: boolean;
  readonly apt?: boolean;
  /** What the package brings. */
  readonly brings?: readonly string[];
}

function machine({ env = {}, has = [], root = true, apt = true, brings = ['chromium'] }: Machine) {
  const programs = new Set(has);
  const calls: string[] = [];
  return {
    calls,
    env,
    root,
    runs: async (program: string) => programs.has(program),
    pathOf: async (program: string) => `/usr/bin/${program}`,
    hasApt: async () => apt,
    install: async () => {
      calls.push('install');
      for (const program of brings) programs.add(program);
      return { code: brings.length > 0 ? 0 : 100, output: 'E: Unable to locate package chromium\n' };
    },
  };
}

describe('the set-up step for Chromium', () => {
  it('takes the one that CHROMIUM_PATH names', async () => {
    const world = machine({ env: { CHROMIUM_PATH: '/opt/chrome' }, has: ['/opt/chrome', 'chromium'] });
    await findChromium(world);
    expect(world.env).toEqual({ CHROMIUM_PATH: '/opt/chrome' });
  });

  it('does not replace a CHROMIUM_PATH that is wrong', async () => {
    const world = machine({ env: { CHROMIUM_PATH: '/opt/gone' }, has: ['chromium'] });
    await expect(findChromium(world)).rejects.toThrow('CHROMIUM_PATH names /opt/gone, which does not run');
  });

  it('takes the one on the PATH and tells the tests where it is', async () => {
    const world = machine({ has: ['google-chrome'] });
    await findChromium(world);
    expect(world.env).toEqual({ CHROMIUM_PATH: '/usr/bin/google-chrome' });
    expect(world.calls).toEqual([]);
  });

  it('installs it where there is none', async () => {
    const world = machine({});
    await findChromium(world);
    expect(world.calls).toEqual(['install']);
    expect(world.env).toEqual({ CHROMIUM_PATH: '/usr/bin/chromium' });
  });

  it.each<[string, Machine]>([
    ['without the rights to install', { root: false }],
    ['without apt-get', { apt: false }],
    ['when the package brings none', { brings: [] }],
  ])('names the way out %s', async (_, world) => {
    const failed = findChromium(machine(world));
    await expect(failed).rejects.toBeInstanceOf(SetUpError);
    await expect(failed).rejects.toThrow(/apt-get install chromium.*CHROMIUM_PATH/);
  });
});
