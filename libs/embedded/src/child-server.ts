import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { readFile, stat, truncate } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { RollcallError } from '@rollcall/kernel';
import type { ServerExit } from './embedded-server.js';

const MAX_LOG_BYTES = 16 * 1024 * 1024;
const TAIL_LINES = 12;

export interface ChildOptions {
  readonly program: string;
  readonly args: readonly string[];
  readonly logFile: string;
  /** Runs the program as this user (only root can). */
  readonly as?: { readonly uid: number; readonly gid: number };
  /** The working folder, one that the user can reach. */
  readonly cwd: string;
}

/** One server process with its log in a file, which ends when this process ends, however this process ends. */
export class ChildServer {
  readonly pid: number;
  readonly exited: Promise<ServerExit>;
  readonly #child: ChildProcess;
  readonly #logFile: string;
  /** Where this start begins in the log, bytes: what stands before is of earlier ones. */
  readonly #logStart: number;
  #over = false;

  static async spawn(options: ChildOptions): Promise<ChildServer> {
    const size = await stat(options.logFile).then(
      (entry) => entry.size,
      () => 0,
    );
    const isLong = size > MAX_LOG_BYTES;
    if (isLong) await truncate(options.logFile);
    const log = openSync(options.logFile, 'a', 0o600);
    try {
      // Detached: a Ctrl-C in the terminal reaches only us, and we stop servers after their clients.
      const child = spawn(options.program, options.args, {
        cwd: options.cwd,
        stdio: ['ignore', log, log],
        detached: true,
        ...options.as,
      });
      await new Promise<void>((resolve, reject) => {
        child.once('spawn', resolve);
        child.once('error', reject);
      });
      return new ChildServer(child, options.logFile, isLong ? 0 : size);
    } catch (cause) {
      throw new RollcallError('embedded/not-started', `${options.program} cannot be run: ${reason(cause)}`, { cause });
    } finally {
      closeSync(log);
    }
  }

  private constructor(child: ChildProcess, logFile: string, logStart: number) {
    this.#child = child;
    this.#logFile = logFile;
    this.#logStart = logStart;
    this.pid = child.pid ?? 0;
    const guard = guardAgainstOurDeath(this.pid);
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#over = true;
        guard.kill('SIGKILL');
        resolve({ code, signal });
      });
    });
  }

  get isOver(): boolean {
    return this.#over;
  }

  /** Sends each signal in turn, with `graceMs` for the first and 3 s for each next, until the process has ended. */
  async end(signals: readonly NodeJS.Signals[], graceMs: number): Promise<void> {
    let waitMs = graceMs;
    for (const signal of [...signals, 'SIGKILL' as const]) {
      if (this.#over) return;
      this.#child.kill(signal);
      const timer = new AbortController();
      await Promise.race([this.exited, delay(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)]);
      timer.abort();
      waitMs = 3_000;
    }
    await this.exited;
  }

  /** The last lines the server wrote: what an operator needs when it does not start. */
  async logTail(): Promise<string> {
    const bytes = await readFile(this.#logFile).catch(() => Buffer.alloc(0));
    return bytes.toString('utf8', this.#logStart).trimEnd().split('\n').slice(-TAIL_LINES).join('\n');
  }

  /** The error to throw when the server ended or stayed silent during its start. */
  async notStarted(what: string): Promise<RollcallError> {
    const how = this.#over ? 'ended at once' : 'did not answer in time';
    return new RollcallError('embedded/not-started', `${what} ${how}; its log ends with:\n${await this.logTail()}`);
  }
}

/** A shell that waits on a pipe from us: when we die, even by SIGKILL, the pipe closes and it stops the server. */
function guardAgainstOurDeath(pid: number): ChildProcess {
  const guard = spawn('/bin/sh', ['-c', 'read -r _; kill -INT "$1" 2>/dev/null', 'sh', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.once('error', () => undefined);
  guard.stdin?.once('error', () => undefined);
  guard.unref();
  if (guard.stdin !== null && 'unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return guard;
}

function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
