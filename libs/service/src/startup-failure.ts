import { RollcallError } from '@rollcall/kernel';

/**
 * Exit codes, after sysexits.h, so that scripts and `rollcall up` can tell:
 * the settings are wrong; something needed is not there; a bug; the shutdown was not clean; a second signal forced it.
 */
export const EXIT = { config: 78, unavailable: 69, bug: 70, unfinished: 75, forced: 130 } as const;

export interface StartupFailure {
  readonly exitCode: number;
  /** One screen for people. */
  readonly text: string;
}

/** Describes why a service could not start (or had to end): every fault by name, and the way out. */
export function describeFailure(service: string, error: unknown): StartupFailure {
  if (!(error instanceof RollcallError))
    return { exitCode: EXIT.bug, text: `${service}: unexpected error: ${firstLine(error)}` };
  const faults = error.message.split('\n').map((fault) => `  ${fault}`);
  const text = [`${service} cannot run: ${error.code}`, ...faults, `  -> ${error.hint}`].join('\n');
  return { exitCode: isSettings(error) ? EXIT.config : EXIT.unavailable, text };
}

function isSettings({ code }: RollcallError): boolean {
  return code.startsWith('config/') || code.startsWith('catalog/');
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  return `${error.name}: ${error.message.split('\n', 1)[0] ?? ''}`;
}
