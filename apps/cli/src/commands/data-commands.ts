import { Option, type Command } from 'commander';
import { examples, type Bind } from './bind.js';
import { parseCount } from './platform-commands.js';

export interface SyncOptions {
  readonly args: readonly string[];
  readonly mode: 'incremental' | 'full' | 'resnapshot' | 'reconcile';
  readonly full?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly dryRun: boolean;
  readonly runId?: string;
  readonly wait: boolean;
  readonly timeout: number;
}

export interface ExportOptions {
  readonly args: readonly string[];
  readonly format: 'csv' | 'parquet';
  readonly out?: string;
}

export interface RebuildOptions {
  readonly args: readonly string[];
  readonly yes: boolean;
}

/** sync, export, rebuild. */
export function addDataCommands(program: Command, bind: Bind): void {
  const sync = program
    .command('sync')
    .description('ask for an extract of a source or of one dataset, and wait until it is finished')
    .argument('<source or dataset>', 'a name of the catalog')
    .addOption(
      new Option('--mode <mode>', 'how to read')
        .choices(['incremental', 'full', 'resnapshot', 'reconcile'])
        .default('incremental'),
    )
    .option('--full', 'the same as --mode full', false)
    .option('--from <instant>', 'start of the range, ISO 8601 with Z')
    .option('--to <instant>', 'end of the range, ISO 8601 with Z')
    .option('--dry-run', 'read and count, write nothing', false)
    .option('--run-id <id>', 'name the run; asking again with the same id is the same run')
    .option('--no-wait', 'return as soon as the request is stored')
    .option('--timeout <seconds>', 'give up waiting after this long (the run goes on)', parseCount, 3600)
    .addHelpText(
      'after',
      examples(
        'rollcall sync answers',
        'rollcall sync shop --full',
        'rollcall sync answers --run-id nightly-2026-01-02',
      ),
    );
  bind<SyncOptions>(sync, async (opened, options, context) =>
    (await import('../sync/sync-command.js')).runSync(opened, options, context),
  );

  const exporting = program
    .command('export')
    .description('write analytics.<dataset> as CSV or Parquet, whatever its size')
    .argument('<dataset>', 'a dataset of the catalog, or any relation of schema analytics')
    .addOption(new Option('--format <format>', 'of the output').choices(['csv', 'parquet']).makeOptionMandatory())
    .option('--out <file>', 'write to this file, in one step at the end (default: standard output)')
    .addHelpText(
      'after',
      `\nCSV is RFC 4180 with CRLF; NULL is an empty field and the empty text is "".${examples(
        'rollcall export answers --format csv > answers.csv',
        'rollcall export answers --format parquet --out answers.parquet',
      )}`,
    );
  bind<ExportOptions>(exporting, async (opened, options, context) =>
    (await import('../export/export-command.js')).runExport(opened, options, context),
  );

  const rebuild = program
    .command('rebuild')
    .description('load the warehouse again from the lake alone: one dataset, or all')
    .argument('[dataset]', 'a dataset of the catalog; without it, all of them')
    .option('--yes', 'really drop what stands in the warehouse and load it again', false)
    .addHelpText(
      'after',
      examples('rollcall rebuild answers --yes', 'rollcall rebuild --yes --warehouse-url postgres://me@db/second'),
    );
  bind<RebuildOptions>(rebuild, async (opened, options, context) =>
    (await import('../rebuild/rebuild-command.js')).runRebuild(opened, options, context),
  );
}
