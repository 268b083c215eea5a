import { Command, CommanderError, Help } from 'commander';
import type { CliContext } from './cli-context.js';
import type { Bind, CommandBody } from './commands/bind.js';
import { addCatalogCommands } from './commands/catalog-commands.js';
import { addDataCommands } from './commands/data-commands.js';
import { addPlatformCommands } from './commands/platform-commands.js';
import { addReportCommands } from './commands/report-commands.js';
import { addSourceCommands } from './commands/source-commands.js';
import { addTokenCommands } from './commands/token-commands.js';
import { addWaitingCommands } from './commands/waiting-commands.js';
import { EXIT, type ExitCode } from './exit-code.js';
import { reportError } from './report-error.js';
import { openSettings, type GlobalFlags } from './settings/open-settings.js';

const EXIT_CODES = `
Exit codes:
  0 done    1 done, and something was found    2 wrong usage    69 something does not answer (try again later)
  70 a bug    78 a setting, the catalog, a version or a privilege must be changed first

Settings come from, the strongest first: flags, environment, .env, the platform that \`rollcall up\` runs. docs/cli.md tells all.`;

/**
 * Runs one command line.
 * @param args without node and the script
 */
export async function runProgram(args: readonly string[], context: CliContext): Promise<ExitCode> {
  let exit: ExitCode = EXIT.ok;
  const bind: Bind = <O>(command: Command, body: CommandBody<O>) => {
    command.action(async () => {
      const options = command.optsWithGlobals<GlobalFlags & O>();
      // Whoever looks for faults must not stop at the first.
      const opened = await openSettings(context, options, command.name() === 'doctor' ? 'name' : 'refuse');
      exit = await body(opened, { ...options, args: command.args }, context);
    });
  };
  try {
    await buildProgram(context, bind).parseAsync([...args], { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    return reportError(error, context);
  }
}

function buildProgram(context: CliContext, bind: Bind): Command {
  const program = new Command('rollcall');
  program
    .description(
      'Who took part: from Zoom, event logs, Postgres and HTTP APIs into one lake, one warehouse, one set of reports.',
    )
    .option('--home <folder>', 'state of `rollcall up` (ROLLCALL_HOME, default .rollcall beside apps/)')
    .option('--env-file <file>', 'read settings from this file instead of .env')
    .option('--catalog <folder>', 'data contracts (CATALOG_DIR, default catalog/)')
    .option('--reports <folder>', 'reports (REPORTS_DIR, default reports/)')
    .option('--nats-url <url>', 'NATS_URL')
    .option(
      '--warehouse-url <url>',
      'WAREHOUSE_URL; a password on a command line can be seen by others: prefer WAREHOUSE_URL_FILE',
    )
    .option('--ops-url <url>', 'OPS_URL (default: the warehouse)')
    .option('--lake-url <url>', 'LAKE_URL')
    .showHelpAfterError('(add --help for the whole usage)')
    .addHelpText('after', EXIT_CODES)
    .configureHelp({
      showGlobalOptions: true,
      optionDescription: (option) => new Help().optionDescription(option).replace(' (default: false)', ''),
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out.line(text.trimEnd()),
      writeErr: (text) => context.err.line(text.trimEnd()),
    });
  addPlatformCommands(program, bind);
  addCatalogCommands(program, bind);
  addDataCommands(program, bind);
  addSourceCommands(program, bind);
  addReportCommands(program, bind);
  addWaitingCommands(program, bind);
  addTokenCommands(program, bind);
  return program;
}
