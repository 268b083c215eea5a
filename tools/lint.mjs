/** `npm run lint`: the format, the rules, and a check that the rules still bite. Runs all, then fails. */
import { join } from 'node:path';
import { repository } from './set-up/repository.mjs';
import { quietly } from './set-up/step.mjs';
import { environment, node24, runUnderNode } from './set-up/under-node.mjs';

// The daemon and the terminal interface of Nx would outlive the lint.
const NX = { NX_DAEMON: 'false', NX_TUI: 'false' };
const module = (...path) => join(repository, 'node_modules', ...path);

/** Without a fresh project graph in its cache the boundary rule skips itself with a mere warning. */
async function projectGraph() {
  const { code, output } = await quietly(node24, [module('nx', 'dist', 'bin', 'nx.js'), 'show', 'projects'], {
    env: environment(NX),
  });
  if (code !== 0) console.error(output);
  return code;
}

const STEPS = {
  graph: projectGraph,
  format: () => runUnderNode([module('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  rules: () => runUnderNode([module('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0'], NX),
  canary: () => runUnderNode([join(repository, 'tools', 'lint-canary.mjs')], NX),
};

let failed = 0;
for (const [name, run] of Object.entries(STEPS)) {
  const start = Date.now();
  const code = await run();
  console.log(`lint: ${name} ${code === 0 ? 'ok' : 'FAILED'} ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
