/** `npm run lint`: the format, the rules, and a check that the rules still bite. Runs all three, then fails. */
import { join } from 'node:path';
import { repository } from './set-up/repository.mjs';
import { runUnderNode } from './set-up/under-node.mjs';

// The daemon and the terminal interface of Nx would outlive the lint.
const NX = { NX_DAEMON: 'false', NX_TUI: 'false' };
const module = (...path) => join(repository, 'node_modules', ...path);

const STEPS = [
  ['format', [module('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level', 'warn', '.']],
  ['rules', [module('eslint', 'bin', 'eslint.js'), '.', '--max-warnings', '0']],
  ['canary', [join(repository, 'tools', 'lint-canary.mjs')]],
];

let failed = 0;
for (const [name, args] of STEPS) {
  const start = Date.now();
  const code = await runUnderNode(args, NX);
  console.log(`lint: ${name} ${code === 0 ? 'ok' : 'FAILED'} ${((Date.now() - start) / 1000).toFixed(1)} s`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
