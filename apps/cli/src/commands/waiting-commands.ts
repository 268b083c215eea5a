import type { Command } from 'commander';
import { examples, type Bind } from './bind.js';
import { parseCount } from './platform-commands.js';

/** Which waiting things a command is about. */
export interface WaitingFilter {
  readonly args: readonly string[];
  readonly dataset?: string;
  readonly reason?: string;
  readonly since?: string;
  readonly limit?: number;
  readonly all: boolean;
  readonly json: boolean;
}

export interface ShowOptions {
  readonly args: readonly string[];
  readonly reveal: boolean;
  readonly json: boolean;
}

export interface ActOptions extends WaitingFilter {
  readonly dryRun: boolean;
  readonly with?: string;
}

/** quarantine, dead, held: what waits for an operator. */
export function addWaitingCommands(program: Command, bind: Bind): void {
  const quarantine = program
    .command('quarantine')
    .description('records that could not be read or do not fit their contract')
    .addHelpText('after', examples('rollcall quarantine list', 'rollcall quarantine replay --dataset answers'));
  bind<WaitingFilter>(
    filtered(
      quarantine.command('list').description('what waits, in the order it came'),
      'rollcall quarantine list --dataset answers --since 2d',
    ),
    async (opened, options, context) =>
      (await import('../quarantine/quarantine-list.js')).runQuarantineList(opened, options, context),
  );
  bind<ShowOptions>(shown(quarantine, 'rollcall quarantine show 42 --reveal'), async (opened, options, context) =>
    (await import('../quarantine/quarantine-show.js')).runQuarantineShow(opened, options, context),
  );
  bind<ActOptions>(
    acting(
      quarantine,
      'replay',
      'send records again, once the catalog or the record was mended',
      'rollcall quarantine replay --dataset answers --reason missing-key',
    )
      .option('--with <file>', 'replay one record with the JSON object of this file instead')
      .addHelpText('after', '  $ rollcall quarantine replay 42 --with mended.json'),
    async (opened, options, context) =>
      (await import('../quarantine/quarantine-replay.js')).runQuarantineReplay(opened, options, context),
  );
  bind<ActOptions>(
    acting(
      quarantine,
      'discard',
      'note that records are not wanted; they stay in the lake',
      'rollcall quarantine discard 42 43',
    ),
    async (opened, options, context) =>
      (await import('../quarantine/quarantine-discard.js')).runQuarantineDiscard(opened, options, context),
  );

  const dead = program
    .command('dead')
    .description('messages that no service could handle')
    .addHelpText('after', examples('rollcall dead list', 'rollcall dead show 7', 'rollcall dead replay 7'));
  bind<WaitingFilter>(
    filtered(
      dead.command('list').description('what was buried, the newest first'),
      'rollcall dead list --reason message/invalid',
    ),
    async (opened, options, context) => (await import('../dead/dead-list.js')).runDeadList(opened, options, context),
  );
  bind<ShowOptions>(shown(dead, 'rollcall dead show 7 --reveal'), async (opened, options, context) =>
    (await import('../dead/dead-show.js')).runDeadShow(opened, options, context),
  );
  bind<ActOptions>(
    acting(
      dead,
      'replay',
      'publish messages again on their own subject, once the cause is mended',
      'rollcall dead replay --reason lake/not-found',
    ),
    async (opened, options, context) => (await import('../dead/dead-act.js')).runDeadReplay(opened, options, context),
  );
  bind<ActOptions>(
    acting(dead, 'discard', 'remove messages for good', 'rollcall dead discard 7 8'),
    async (opened, options, context) => (await import('../dead/dead-act.js')).runDeadDiscard(opened, options, context),
  );

  const held = program
    .command('held')
    .description('clears that would delete more than max_delete of a dataset, waiting for a word')
    .addHelpText('after', examples('rollcall held list', 'rollcall held approve 3', 'rollcall held discard 3'));
  bind<WaitingFilter>(
    filtered(held.command('list').description('what is held'), 'rollcall held list'),
    async (opened, options, context) =>
      (await import('../held/held-commands.js')).runHeldList(opened, options, context),
  );
  bind<ActOptions>(
    acting(held, 'approve', 'let the deletion happen', 'rollcall held approve 3'),
    async (opened, options, context) =>
      (await import('../held/held-commands.js')).runHeldApprove(opened, options, context),
  );
  bind<ActOptions>(
    acting(held, 'discard', 'keep the rows', 'rollcall held discard 3'),
    async (opened, options, context) =>
      (await import('../held/held-commands.js')).runHeldDiscard(opened, options, context),
  );
}

function filters(command: Command): Command {
  return command
    .option('--dataset <name>', 'only of this dataset')
    .option('--reason <reason>', 'only with this reason or code')
    .option('--since <when>', 'only from then on: 30m, 12h, 7d or an instant in ISO 8601')
    .option('--json', 'as JSON, one object a line', false);
}

function filtered(command: Command, example: string): Command {
  return filters(command)
    .option('--limit <n>', 'at most this many', parseCount, 50)
    .option('--all', 'also what was replayed or discarded', false)
    .addHelpText('after', examples(example, `${example} --json`));
}

function shown(group: Command, example: string): Command {
  return group
    .command('show')
    .description('everything known of one; its content only with --reveal and QUARANTINE_KEY')
    .argument('<id>')
    .option('--reveal', 'unseal and print the content', false)
    .option('--json', 'as JSON', false)
    .addHelpText('after', examples(example));
}

function acting(group: Command, name: string, description: string, example: string): Command {
  return filters(group.command(name).description(`${description}; idempotent`))
    .argument('[ids...]', 'these ones; without ids, all that the filters choose')
    .option('--all', 'all that wait', false)
    .option('--dry-run', 'say what would be done', false)
    .addHelpText('after', examples(example, `${example} --dry-run`));
}
