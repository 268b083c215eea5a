import type { CliContext } from '../cli-context.js';
import type { MigrateOptions } from '../commands/platform-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { migratePlatform } from './migrate-platform.js';

/** `rollcall migrate`. */
export async function runMigrate(
  opened: OpenedSettings,
  options: MigrateOptions,
  context: CliContext,
): Promise<ExitCode> {
  const replicas = options.replicas === undefined ? {} : { replicas: options.replicas };
  await migratePlatform(
    opened.settings,
    ({ part, done, notes }) => {
      context.out.line(`${context.paintOut.bold(part.padEnd(10))} ${done}`);
      for (const note of notes) context.out.line(`${' '.repeat(10)} ${context.paintOut.yellow('note')} ${note}`);
    },
    replicas,
  );
  return EXIT.ok;
}
