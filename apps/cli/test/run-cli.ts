import { fileURLToPath } from 'node:url';
import type { CliContext } from '../src/cli-context.js';
import { runProgram } from '../src/program.js';
import { paint } from '../src/screen/paint.js';

export interface CliRun {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** What went to standard output as bytes: exports. */
  readonly bytes: Buffer;
}

export interface CliWorld {
  readonly env: Readonly<Record<string, string>>;
  /** A folder without `.env`; also the state folder, so that a platform that runs in this checkout is not found. */
  readonly dir: string;
}

/** Runs one command line inside this process. */
export async function runCli(world: CliWorld, ...args: readonly string[]): Promise<CliRun> {
  const out: string[] = [];
  const err: string[] = [];
  const pieces: Uint8Array[] = [];
  const quiet = new AbortController().signal;
  const context: CliContext = {
    env: { ...world.env, ROLLCALL_HOME: world.dir },
    cwd: world.dir,
    installRoot: fileURLToPath(new URL('../../../', import.meta.url)),
    out: { line: (text) => void out.push(text), progress: () => undefined },
    err: { line: (text) => void err.push(text), progress: () => undefined },
    writeOut: async (bytes) => void pieces.push(bytes),
    terminal: false,
    paintOut: paint(false),
    paintErr: paint(false),
    stop: quiet,
    force: quiet,
  };
  const code = await runProgram(args, context);
  return { code, out: out.join('\n'), err: err.join('\n'), bytes: Buffer.concat(pieces) };
}

/** Every line of standard output as JSON. */
export function jsonLines(run: CliRun): readonly Record<string, unknown>[] {
  return run.out
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Record<string, unknown> => JSON.parse(line));
}
