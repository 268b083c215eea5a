#!/usr/bin/env node
/**
 * What every script of package.json runs: sets up what is missing, then does the thing under Node 24.
 * Runs on the system's Node (18 or newer) before anything is installed, so it uses no package.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installPackages } from './set-up/packages.mjs';
import { fetchNatsServer } from './set-up/nats-server.mjs';
import { build } from './set-up/build.mjs';
import { findChromium } from './set-up/chromium.mjs';
import { SetUpError } from './set-up/step.mjs';
import { runUnderNode } from './set-up/under-node.mjs';
import { forgetWeb } from './set-up/web.mjs';
import { repository } from './set-up/repository.mjs';

const module = (...path) => join(repository, 'node_modules', ...path);
const vitest = module('vitest', 'vitest.mjs');

/** Per script: what it needs, and the programs it runs one after the other, each with the arguments after `--`. */
const SCRIPTS = {
  start: {
    needs: ['packages', 'nats unless NATS_URL', 'build'],
    run: [[join(repository, 'apps/cli/dist/main.js'), 'up']],
  },
  dev: {
    needs: ['packages', 'nats unless NATS_URL', 'build', 'web anew next time'],
    run: [[join(repository, 'apps/cli/dist/main.js'), 'up', '--dev']],
  },
  test: { needs: ['packages', 'nats', 'chromium', 'build'], run: [[vitest, 'run']] },
  'test:unit': { needs: ['packages'], run: [[vitest, 'run', '--project', 'unit']] },
  build: { needs: ['packages', 'build'], run: [] },
  lint: { needs: ['packages'], run: [[join(repository, 'tools/lint.mjs')]] },
  bench: {
    needs: ['packages', 'nats', 'build'],
    run: [[join(repository, 'bench/run.mjs')]],
  },
  k8s: { needs: ['packages'], run: [[join(repository, 'tools/k8s.mjs')]] },
};

const NEEDS = {
  packages: installPackages,
  nats: fetchNatsServer,
  'nats unless NATS_URL': async () => (process.env.NATS_URL ? undefined : fetchNatsServer()),
  chromium: findChromium,
  build,
  'web anew next time': forgetWeb,
};

async function main([name, ...args]) {
  const script = SCRIPTS[name];
  if (script === undefined) {
    console.error(`usage: node tools/run.mjs <${Object.keys(SCRIPTS).join('|')}> [arguments]`);
    return 2;
  }
  for (const need of script.needs) await NEEDS[need]();
  for (const [program, ...fixed] of script.run) {
    if (!existsSync(program)) throw new SetUpError(`${program} is missing: the checkout is not complete`);
    const code = await runUnderNode([program, ...fixed, ...args]);
    if (code !== 0) return code;
  }
  return 0;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    console.error(error instanceof SetUpError ? `\nset-up: ${error.message}` : error);
    process.exitCode = 1;
  },
);
