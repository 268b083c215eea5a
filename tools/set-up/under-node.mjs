import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { delimiter, join } from 'node:path';
import { repository } from './repository.mjs';

/** One Ctrl-C reaches us twice, from the terminal and from npm; what comes within this time is the same one. */
const SAME_SIGNAL_MS = 1_000;

/** The Node 24 that the packages bring. */
export const node24 = join(repository, 'node_modules', '.bin', 'node');

/** The environment in which `node` is Node 24 too. */
export function environment(extra = {}) {
  const path = [join(repository, 'node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter);
  return { ...process.env, ...extra, PATH: path };
}

/**
 * Runs a script under Node 24 in the foreground and gives its exit code. It has a process group of its own, and gets
 * each signal from us: once for one Ctrl-C, again for a second one. We end when it has ended.
 */
export function runUnderNode(args, extra = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(node24, args, { cwd: repository, env: environment(extra), stdio: 'inherit', detached: true });
    const lastAt = new Map();
    const forward = (signal) => {
      const now = Date.now();
      if (now - (lastAt.get(signal) ?? 0) < SAME_SIGNAL_MS) return;
      lastAt.set(signal, now);
      child.kill(signal);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, forward);
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(name, forward);
      resolve(code ?? 128 + (constants.signals[signal] ?? 0));
    });
  });
}
