import { Option, type Command } from 'commander';
import { examples, type Bind } from './bind.js';
import type { JsonOption } from './platform-commands.js';

export interface DiffOptions extends JsonOption {
  readonly against?: string;
  readonly lake: boolean;
}

/** catalog check, catalog diff. */
export function addCatalogCommands(program: Command, bind: Bind): void {
  const catalog = program
    .command('catalog')
    .description('the data contracts in the catalog folder')
    .addHelpText('after', examples('rollcall catalog check', 'rollcall catalog diff --against HEAD'));

  const check = catalog
    .command('check')
    .description('read every file of the catalog and name each fault as file:line:column')
    .option('--json', 'the faults as JSON', false)
    .addHelpText('after', examples('rollcall catalog check', 'rollcall catalog check --catalog ./my-catalog --json'));
  bind<JsonOption>(check, async (opened, options, context) =>
    (await import('../catalog/catalog-check.js')).runCatalogCheck(opened, options, context),
  );

  const diff = catalog
    .command('diff')
    .description(
      'what a changed catalog asks for: nothing, rebuild views, rebuild a dataset from the lake, re-extract, erase; exit 1 when something',
    )
    .addOption(
      new Option('--lake', 'compare with the contracts of the newest batches in the lake (default)').default(false),
    )
    .option('--against <folder or revision>', 'compare with another folder, or with a git revision of this one')
    .option('--json', 'the changes as JSON', false)
    .addHelpText(
      'after',
      examples(
        'rollcall catalog diff',
        'rollcall catalog diff --against HEAD~1',
        'rollcall catalog diff --against ../other/catalog',
      ),
    );
  bind<DiffOptions>(diff, async (opened, options, context) =>
    (await import('../catalog/catalog-diff.js')).runCatalogDiff(opened, options, context),
  );
}
