import { RollcallError } from '@rollcall/kernel';
import type { CliContext } from './cli-context.js';
import { exitCodeOf, type ExitCode } from './exit-code.js';

/** Shows why a command failed and the way out, and gives the exit code. */
export function reportError(error: unknown, context: Pick<CliContext, 'err' | 'paintErr'>): ExitCode {
  const { err, paintErr } = context;
  err.progress(undefined);
  if (error instanceof RollcallError) {
    err.line(`${paintErr.red('error')} ${paintErr.bold(error.code)}`);
    for (const line of error.message.split('\n')) err.line(`  ${line}`);
    err.line(`  ${paintErr.dim('way out:')} ${error.hint}`);
  } else {
    err.line(`${paintErr.red('bug')} Rollcall has no name for this error; please report it with the lines below.`);
    err.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
  return exitCodeOf(error);
}
