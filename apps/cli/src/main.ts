#!/usr/bin/env node
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { CliContext } from './cli-context.js';
import { EXIT } from './exit-code.js';
import { runProgram } from './program.js';
import { reportError } from './report-error.js';
import { paint, wantsColour } from './screen/paint.js';
import { createScreen } from './screen/screen.js';

const stop = new AbortController();
const force = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => (stop.signal.aborted ? force : stop).abort());
}
// A reader that went away (`rollcall export … | head`) is no error of ours: stop quietly.
process.stdout.on('error', () => stop.abort());

function screenOf(stream: NodeJS.WriteStream): ReturnType<typeof createScreen> {
  return createScreen({
    write: (text) => stream.write(text),
    terminal: stream.isTTY,
    columns: () => stream.columns,
    nowMs: () => performance.now(),
  });
}

const context: CliContext = {
  env: process.env,
  cwd: process.cwd(),
  installRoot: fileURLToPath(new URL('../../../', import.meta.url)),
  out: screenOf(process.stdout),
  err: screenOf(process.stderr),
  writeOut: async (bytes) => {
    if (!process.stdout.write(bytes) && !stop.signal.aborted)
      await once(process.stdout, 'drain', { signal: stop.signal });
  },
  terminal: process.stdout.isTTY,
  paintOut: paint(wantsColour(process.env, process.stdout.isTTY)),
  paintErr: paint(wantsColour(process.env, process.stderr.isTTY)),
  stop: stop.signal,
  force: force.signal,
};

let bug = false;
process.on('unhandledRejection', (error) => {
  bug = true;
  reportError(error, context);
  // What runs is still stopped in order.
  stop.abort();
});

const exit = await runProgram(process.argv.slice(2), context);
process.exitCode = bug ? EXIT.bug : exit;
