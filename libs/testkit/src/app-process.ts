import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

/** The newest lines of a process that are kept. */
const MAX_LINES = 20_000;
const TAIL_LINES = 30;
const WAIT_MS = 30_000;
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));
/** Where no `rollcall up` ever left its state: the checkout's own holds settings as soon as somebody has run it. */
const NO_STATE = join(REPOSITORY, '.rollcall', 'no-state');

export interface SpawnAppOptions {
  /** An app by its folder's name (`warehouse-loader` runs `apps/warehouse-loader/dist/main.js`), or a path to a script. */
  readonly app: string;
  readonly args?: readonly string[];
  /** The whole environment besides PATH, HOME, TMPDIR and a ROLLCALL_HOME without state: nothing of the developer's own settings leaks in. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments for Node itself, such as `['--import', preload]`. */
  readonly execArgv?: readonly string[];
  readonly cwd?: string;
}

export interface AppExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** An app that runs as a child process. Disposing ends it: asked first, killed after 10 s. */
export interface AppProcess extends AsyncDisposable {
  readonly pid: number;
  /** What it has written to stdout and stderr so far, oldest first. */
  readonly lines: readonly string[];
  /** Settles when it has ended and all its lines are collected. Never rejects. */
  readonly exited: Promise<AppExit>;
  /** Waits for a line, written already or still to come. Rejects at once when the app has ended without it. */
  line(pattern: RegExp, timeoutMs?: number): Promise<string>;
  /** Waits until `url` answers with a 2xx status, such as its `/readyz`. Rejects at once when the app has ended. */
  ready(url: string, timeoutMs?: number): Promise<void>;
  /** Asks it to end (SIGTERM); killed after `graceMs` (default 20 s). */
  stop(graceMs?: number): Promise<AppExit>;
  /** `kill -9`. */
  kill(): Promise<AppExit>;
}

/** Starts a built app under the Node that runs this test. */
export function spawnApp(options: SpawnAppOptions): AppProcess {
  const main = options.app.endsWith('js') ? options.app : join(REPOSITORY, 'apps', options.app, 'dist', 'main.js');
  if (!existsSync(main)) throw new Error(`${main} does not exist: build first (npm run build)`);
  const { PATH = '', HOME = '', TMPDIR = '/tmp' } = process.env;
  const child = spawn(process.execPath, [...(options.execArgv ?? []), main, ...(options.args ?? [])], {
    cwd: options.cwd ?? REPOSITORY,
    env: { PATH, HOME, TMPDIR, ROLLCALL_HOME: NO_STATE, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  collect(child.stdout, lines);
  collect(child.stderr, lines);
  let end: AppExit | undefined;
  const exited = new Promise<AppExit>((resolve) => {
    child.once('error', (error) => lines.push(`cannot be run: ${error.message}`));
    child.once('close', (code, signal) => resolve((end = { code, signal })));
  });

  async function waitFor<T>(look: () => Promise<T | undefined>, what: string, timeoutMs: number): Promise<T> {
    const result = await until(
      async () => {
        const ended = end !== undefined;
        const value = await look().catch(() => undefined);
        return value !== undefined ? { value } : ended ? { value: undefined } : undefined;
      },
      { what, timeoutMs },
    ).catch(() => ({ value: undefined }));
    if (result.value !== undefined) return result.value;
    const state =
      end === undefined ? `runs since ${timeoutMs} ms` : `ended with ${end.signal ?? `code ${String(end.code)}`}`;
    throw new Error(
      `no ${what} from ${options.app}, which ${state}; its last lines:\n${lines.slice(-TAIL_LINES).join('\n')}`,
    );
  }

  async function endWith(signal: NodeJS.Signals, graceMs: number): Promise<AppExit> {
    child.kill(signal);
    const force = setTimeout(() => child.kill('SIGKILL'), graceMs);
    return exited.finally(() => clearTimeout(force));
  }

  return {
    pid: child.pid ?? 0,
    lines,
    exited,
    line: (pattern, timeoutMs = WAIT_MS) =>
      waitFor(async () => lines.find((text) => pattern.test(text)), `line ${String(pattern)}`, timeoutMs),
    async ready(url, timeoutMs = WAIT_MS) {
      await waitFor(async () => ((await fetch(url)).ok ? true : undefined), `answer at ${url}`, timeoutMs);
    },
    stop: (graceMs = 20_000) => endWith('SIGTERM', graceMs),
    kill: () => endWith('SIGKILL', 0),
    async [Symbol.asyncDispose]() {
      await endWith('SIGTERM', 10_000);
    },
  };
}

function collect(stream: Readable, lines: string[]): void {
  createInterface({ input: stream, crlfDelay: Infinity }).on('line', (line) => {
    lines.push(line);
    if (lines.length > MAX_LINES) lines.shift();
  });
}
