import { spawn } from 'node:child_process';
import { repository } from './repository.mjs';

const GIST_LINES = 20;
const SHOWN_AFTER_MS = 400;

/** A set-up that cannot go on; its message is the one thing printed. */
export class SetUpError extends Error {}

/** Shows one line for a step that takes time: what, and the seconds it took. A step done at once is not shown. */
export async function step(what, act) {
  const start = Date.now();
  let shown = false;
  const show = () => {
    shown = true;
    process.stdout.write(`set-up: ${what} … `);
  };
  const timer = setTimeout(show, SHOWN_AFTER_MS);
  try {
    const result = await act();
    if (shown) process.stdout.write(`${((Date.now() - start) / 1000).toFixed(1)} s\n`);
    return result;
  } catch (error) {
    if (shown) process.stdout.write('failed\n');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Runs a program quietly; gives its exit code and all it wrote. A program that is not there has code 127. */
export function quietly(program, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { cwd: repository, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.once('error', (error) => resolve({ code: 127, output: error.message }));
    child.once('close', (code, signal) =>
      resolve({ code: code ?? 1, output: signal ? `${output}\nended by ${signal}` : output }),
    );
  });
}

/** What a program wrote, for a failure: its first lines (npm says there what is wrong) and its last. */
export function gist(output) {
  const lines = output.trimEnd().split('\n');
  if (lines.length <= 2 * GIST_LINES) return lines.join('\n');
  return [...lines.slice(0, GIST_LINES), '…', ...lines.slice(-GIST_LINES)].join('\n');
}
