import type { Command } from 'commander';
import type { CliContext } from '../cli-context.js';
import type { ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';

/** The body of a command: settings are open, the answer is the exit code. */
export type CommandBody<O> = (
  opened: OpenedSettings,
  options: O & { readonly args: readonly string[] },
  context: CliContext,
) => Promise<ExitCode>;

/** Binds a command's body to commander: opens the settings, passes options and arguments, keeps the exit code. */
export type Bind = <O>(command: Command, body: CommandBody<O>) => void;

/** The `Examples:` block at the end of a command's help. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  $ ${line}`).join('\n')}`;
}
