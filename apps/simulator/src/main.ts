#!/usr/bin/env node
import { randomBytes } from 'node:crypto';
import { bootstrap, describeFailure } from '@rollcall/service';
import { buildProgram } from './command/build-program.js';
import type { CommandWorld } from './command/command-world.js';
import { loadConfig } from './config.js';
import { startSimulator } from './service/start-simulator.js';

const NAME = 'simulator';
const stop = new AbortController();
const world: CommandWorld = {
  env: process.env,
  signal: stop.signal,
  nowMs: () => Date.now(),
  randomSeed: () => randomBytes(6).toString('hex'),
  print: (result) => process.stdout.write(`${JSON.stringify(result)}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
};

async function serve(): Promise<void> {
  await bootstrap({
    name: NAME,
    logLevel: process.env['LOG_LEVEL'],
    start: (host) => startSimulator(host, loadConfig(process.env), world),
  });
}

function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => (stop.signal.aborted ? process.exit(130) : stop.abort()));
  }
}

try {
  const program = buildProgram(world, serve);
  program.hook('preAction', (_, command) => (command.name() === 'serve' ? undefined : stopOnSignals()));
  await program.parseAsync();
} catch (error) {
  const { text, exitCode } = describeFailure(NAME, error);
  process.stderr.write(`${text}\n`);
  process.exitCode = exitCode;
}
