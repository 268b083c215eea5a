import { letHeapGrow } from './let-heap-grow.js';
import { describeFailure, EXIT } from './startup-failure.js';
import { startService, type RunningService, type ServiceOptions } from './start-service.js';

/** The parts of `process` that a service touches. */
export interface ProcessPort {
  exitCode?: number | string | null | undefined;
  readonly stderr: { write(text: string): unknown };
  on(event: NodeJS.Signals | 'uncaughtException' | 'unhandledRejection', listener: (value: unknown) => void): unknown;
  exit(code: number): unknown;
}

/** Why a start is given up when a signal asks for the end. */
const STOPPED = Symbol('stopped by a signal');
const SIGNALS: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGINT'];
/** After a shutdown nothing should keep the process alive; what does is not waited for longer than this. */
const LINGER_MS = 1_000;

/**
 * Runs a service as this process: starts it, waits for SIGTERM or SIGINT (or a part that fails), shuts down in order, sets the exit
 * code. A second signal forces the end. When it cannot start, standard error says why on one screen; exit codes: see EXIT.
 */
export async function bootstrap(options: ServiceOptions, port: ProcessPort = process): Promise<void> {
  letHeapGrow();
  const end = Promise.withResolvers<{ readonly error?: unknown }>();
  const giveUp = new AbortController();
  function stop(ending: { readonly error?: unknown }): void {
    end.resolve(ending);
    giveUp.abort('error' in ending ? ending.error : STOPPED);
  }
  let signals = 0;
  for (const signal of SIGNALS) {
    port.on(signal, () => {
      signals += 1;
      if (signals > 1) port.exit(EXIT.forced);
      else stop({});
    });
  }
  port.on('uncaughtException', (error) => stop({ error }));
  port.on('unhandledRejection', (error) => stop({ error }));

  let service: RunningService;
  try {
    service = await startService(options, giveUp.signal);
  } catch (error) {
    if (error === STOPPED) leave(port, 0);
    else fail(options, port, error);
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
