import { InvalidArgumentError, Option, type Command } from 'commander';
import type { Scope } from '@rollcall/reports/shown';
import { examples, type Bind } from './bind.js';
import type { JsonOption } from './platform-commands.js';

export interface TokenCreateOptions extends JsonOption {
  readonly args: readonly string[];
  readonly scope?: readonly Scope[];
  /** As typed: `90d`. */
  readonly expires?: string;
}

export interface TokenListOptions extends JsonOption {
  readonly all: boolean;
}

export interface TokenRevokeOptions extends JsonOption {
  readonly args: readonly string[];
  readonly id?: string;
}

const SCOPES: readonly Scope[] = ['reports', 'records'];

/** token create, list, revoke. */
export function addTokenCommands(program: Command, bind: Bind): void {
  const token = program
    .command('token')
    .description('tokens that open the dashboard and the reporting API beyond this machine')
    .addHelpText('after', examples('rollcall token create anna', 'rollcall token list', 'rollcall token revoke anna'));

  const create = token
    .command('create')
    .description('make a token and print it: this once, only its hash is kept')
    .argument('<name>', 'whose it is, or what for')
    .addOption(
      new Option(
        '--scope <scope>',
        'what it opens; may be repeated. reports: reports and exports (default); records: evidence, raw records, quarantine, runs',
      )
        .choices(SCOPES)
        .argParser(addScope),
    )
    .option('--expires <duration>', 'from now, such as 12h or 90d (default: never)')
    .option('--json', 'as JSON', false)
    .addHelpText(
      'after',
      examples(
        'rollcall token create anna',
        'rollcall token create anna --scope reports --scope records --expires 90d',
        'rollcall token create nightly-export --json | jq -r .token > token',
      ),
    );
  bind<TokenCreateOptions>(create, async (opened, options, context) =>
    (await import('../tokens/token-create.js')).runTokenCreate(opened, options, context),
  );

  const list = token
    .command('list')
    .description('the tokens that may be used, the newest first')
    .option('--all', 'also those that were revoked or have expired', false)
    .option('--json', 'as JSON, one object a line', false)
    .addHelpText('after', examples('rollcall token list', 'rollcall token list --all --json'));
  bind<TokenListOptions>(list, async (opened, options, context) =>
    (await import('../tokens/token-list.js')).runTokenList(opened, options, context),
  );

  const revoke = token
    .command('revoke')
    .description('end every token of this name; whoever is signed in with one is out within a minute')
    .argument('<name>', 'as it was given to create')
    .option('--id <id>', 'only this one of them, as list shows it')
    .option('--json', 'as JSON, one object a line', false)
    .addHelpText('after', examples('rollcall token revoke anna', 'rollcall token revoke anna --id 7'));
  bind<TokenRevokeOptions>(revoke, async (opened, options, context) =>
    (await import('../tokens/token-revoke.js')).runTokenRevoke(opened, options, context),
  );
}

function addScope(text: string, before: readonly Scope[] = []): readonly Scope[] {
  const scope = SCOPES.find((one) => one === text);
  if (scope === undefined) throw new InvalidArgumentError(`it is none of ${SCOPES.join(', ')}.`);
  return before.includes(scope) ? before : [...before, scope];
}
