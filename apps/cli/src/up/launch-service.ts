import { SERVICE_NODE_FLAGS } from '@rollcall/embedded';
import { spawn } from 'node:child_process';
import { lineSplitter } from './line-splitter.js';
import type { Child } from './supervised-process.js';

export interface Launch {
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly onLine: (line: string, stream: 'out' | 'err') => void;
}

/** Runs a Node program as a child whose output is read line by line, and which does not outlive this process. */
export function launchNode(launch: Launch): Child {
  // Detached: Ctrl-C in the terminal reaches `up` alone, which stops the services in order.
  const child = spawn(process.execPath, [...SERVICE_NODE_FLAGS, launch.entry, ...launch.args], {
    cwd: launch.cwd,
    env: { ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  for (const [stream, name] of [
    [child.stdout, 'out'],
    [child.stderr, 'err'],
  ] as const) {
    const splitter = lineSplitter((line) => launch.onLine(line, name));
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => splitter.push(chunk));
    stream.on('end', () => splitter.end());
  }
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) => {
      launch.onLine(`cannot be started: ${error.message}`, 'err');
      resolve({ code: null, signal: null });
    });
  });
  if (child.pid !== undefined) guardAgainstOurDeath(child.pid, ended);
  return { pid: child.pid, ended, kill: (signal) => void child.kill(signal) };
}

/** A shell that waits on a pipe from us: when we die, even by SIGKILL, the pipe closes and it stops the service. */
function guardAgainstOurDeath(pid: number, ended: Promise<unknown>): void {
  const script = 'read -r _; kill -TERM "$1" 2>/dev/null && sleep 10 && kill -KILL "$1" 2>/dev/null';
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.once('error', () => undefined);
  guard.stdin.once('error', () => undefined);
  guard.unref();
  void ended.then(() => guard.kill('SIGKILL'));
}
