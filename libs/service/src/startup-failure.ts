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

/** Describes why a service could not start (or had to end): every fault by name, and the way out of each. */
export function describeFailure(service: string, error: unknown): StartupFailure {
  const [first, ...more] = named(error);
  if (!first) return { exitCode: EXIT.bug, text: `${service}: unexpected error: ${firstLine(error)}` };
  const exitCode = [first, ...more].some(isSettings) ? EXIT.config : EXIT.unavailable;
  if (more.length === 0)
    return { exitCode, text: [`${service} cannot run: ${first.code}`, ...linesOf(first)].join('\n') };
  const blocks = [first, ...more].flatMap((one) => [one.code, ...linesOf(one)]);
  return { exitCode, text: [`${service} cannot run, for ${more.length + 1} reasons:`, ...blocks].join('\n') };
}

/** The error, or the several that one holds, when all are ours; otherwise none: a bug. */
function named(error: unknown): readonly RollcallError[] {
  if (error instanceof RollcallError) return [error];
  if (!(error instanceof AggregateError)) return [];
  const inner = error.errors.map(named);
  return inner.every(({ length }) => length > 0) ? inner.flat() : [];
}

function linesOf(error: RollcallError): readonly string[] {
  return [...error.message.split('\n').map((fault) => `  ${fault}`), `  -> ${error.hint}`];
}

function isSettings({ code }: RollcallError): boolean {
  return code.startsWith('config/') || code.startsWith('catalog/');
}

function firstLine(error: unknown): string {
  if (!(error instanceof Error)) return 'something that is no error was thrown';
  return `${error.name}: ${error.message.split('\n', 1)[0] ?? ''}`;
}
