import { parseDuration } from '@rollcall/catalog';
import { InvalidArgumentError, type Command } from 'commander';
import { examples, type Bind } from './bind.js';
import type { SyncOptions } from './data-commands.js';
import { parseCount, type JsonOption } from './platform-commands.js';

export interface SourceAddOptions {
  readonly args: readonly string[];
  readonly name?: string;
  readonly table?: readonly string[];
  readonly print: boolean;
}

export interface SlotsOptions extends JsonOption {
  readonly args: readonly string[];
}

export interface ReconcileOptions extends JsonOption {
  readonly args: readonly string[];
  readonly rowsPerRange: number;
  /** Seconds. */
  readonly settle: number;
  readonly showKeys: boolean;
  readonly repair: boolean;
  readonly timeout: number;
}

/** source add, slots, resnapshot, reconcile: databases as sources. */
export function addSourceCommands(program: Command, bind: Bind): void {
  const source = program.command('source').description('databases as sources of the catalog');
  const add = source
    .command('add')
    .description('look at the tables of a database and write the catalog file for it; says what the role lacks')
    .argument('<url>', 'postgres://user@host/database; the password from PGPASSWORD, or in the URL')
    .option('--name <source>', 'name of the source (default: of the database)')
    .option('--table <table...>', 'only these tables, as schema.table (default: all that the role may read)')
    .option('--print', 'print the file instead of writing it', false)
    .addHelpText(
      'after',
      `\nThe connection is not written anywhere: the file names an environment variable.${examples(
        'rollcall source add postgres://reader@db.example.com/shop',
        'rollcall source add postgres://reader@db.example.com/shop --name shop --table public.users public.transactions',
      )}`,
    );
  bind<SourceAddOptions>(add, async (opened, options, context) =>
    (await import('../sources/source-add.js')).runSourceAdd(opened, options, context),
  );

  const slots = program
    .command('slots')
    .description('the replication slots of the databases that are read by log: who streams, how far behind')
    .argument('[source]', 'a source of the catalog; without it, all of them')
    .option('--json', 'one JSON document', false)
    .addHelpText('after', examples('rollcall slots', 'rollcall slots shop --json'));
  bind<SlotsOptions>(slots, async (opened, options, context) =>
    (await import('../sources/slots-command.js')).runSlots(opened, options, context),
  );

  const resnapshot = program
    .command('resnapshot')
    .description('read the tables of a database anew while its log goes on; also the way out of a lost slot')
    .argument('<source or dataset>', 'a name of the catalog')
    .option('--run-id <id>', 'name the run; asking again with the same id is the same run')
    .option('--no-wait', 'return as soon as the request is stored')
    .option('--timeout <seconds>', 'give up waiting after this long (the run goes on)', parseCount, 3600)
    .addHelpText('after', examples('rollcall resnapshot users', 'rollcall resnapshot shop --no-wait'));
  bind<Omit<SyncOptions, 'mode' | 'dryRun'>>(resnapshot, async (opened, options, context) =>
    (await import('../sync/sync-command.js')).runSync(
      opened,
      { ...options, mode: 'resnapshot', dryRun: false },
      context,
    ),
  );

  const reconcile = program
    .command('reconcile')
    .description('compare a database with the warehouse, row by row where it must be; read again what differs')
    .argument('<source or dataset>', 'a name of the catalog')
    .option('--rows-per-range <n>', 'rows of one range of keys', parseCount, 50_000)
    .option('--settle <duration>', 'how long rows may be on their way, such as 30s; 0: not at all', parseSettle, 30)
    .option('--repair', 'read the ranges that differ again, and compare again', false)
    .option('--show-keys', 'print the keys of the first ten rows that differ', false)
    .option('--json', 'one JSON document per comparison', false)
    .option('--timeout <seconds>', 'give up waiting for the repair after this long (the run goes on)', parseCount, 3600)
    .addHelpText('after', examples('rollcall reconcile shop', 'rollcall reconcile users --repair --show-keys'));
  bind<ReconcileOptions>(reconcile, async (opened, options, context) =>
    (await import('../reconcile/reconcile-command.js')).runReconcile(opened, options, context),
  );
}

function parseSettle(text: string): number {
  const seconds = /^0s?$/.test(text) ? 0 : parseDuration(text);
  if (seconds === undefined) throw new InvalidArgumentError('it must be a length of time such as 30s or 5m.');
  return seconds;
}
