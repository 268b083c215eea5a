import { describeFailure, EXIT } from './startup-failure.js';
import { startService, type RunningService, type ServiceOptions } from './start-service.js';

/** The parts of `process` that a service touches. */
export interface ProcessPort {
  exitCode?: number | string | null | undefined;
  readonly stderr: { write(text: string): unknown };
  on(event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection', listener: (value: unknown) => void): unknown;
  exit(code: number): unknown;
}

const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
/** After a shutdown nothing should keep the process alive; what does is not waited for longer than this. */
const LINGER_MS = 5_000;

/**
 * Runs a service as this process: starts it, waits for SIGTERM or SIGINT (or a part that fails), shuts down in order, sets the exit
 * code. A second signal forces the end. When it cannot start, standard error says why on one screen; exit codes: see EXIT.
 */
export async function bootstrap(options: ServiceOptions, port: ProcessPort = process): Promise<void> {
  const end = Promise.withResolvers<{ readonly error?: unknown }>();
  let signals = 0;
  for (const signal of SIGNALS) {
    port.on(signal, () => {
      signals += 1;
      if (signals > 1) port.exit(EXIT.forced);
      else end.resolve({});
    });
  }
  port.on('uncaughtException', (error) => end.resolve({ error }));
  port.on('unhandledRejection', (error) => end.resolve({ error }));

  let service: RunningService;
  try {
    service = await startService(options);
  } catch (error) {
    fail(options, port, error);
    return;
  }
  void service.failed.then((error) => end.resolve({ error }));
  const ending = await end.promise;
  if ('error' in ending) service.log.fatal({ err: ending.error }, 'service failed');
  const unfinished = await service.stop();
  if ('error' in ending) fail(options, port, ending.error);
  else leave(port, unfinished.length === 0 ? 0 : EXIT.unfinished);
}

function fail(options: ServiceOptions, port: ProcessPort, error: unknown): void {
  const { exitCode, text } = describeFailure(options.name, error);
  port.stderr.write(`${text}\n`);
  leave(port, exitCode);
}

function leave(port: ProcessPort, exitCode: number): void {
  port.exitCode = exitCode;
  setTimeout(() => port.exit(exitCode), LINGER_MS).unref();
}
