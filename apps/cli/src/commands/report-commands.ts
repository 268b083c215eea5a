import { Option, type Command } from 'commander';
import { examples, type Bind } from './bind.js';
import { parseCount, type JsonOption } from './platform-commands.js';

export interface ReportCheckOptions extends JsonOption {
  /** Folders' names; none: all. */
  readonly args: readonly string[];
}

export interface ReportNewOptions {
  readonly args: readonly string[];
  readonly from: string;
  readonly grain?: string;
}

export interface ReportPreviewOptions extends JsonOption {
  readonly args: readonly string[];
  readonly filter: readonly string[];
  readonly sort?: string;
  readonly limit: number;
  readonly chart?: string;
  readonly out?: string;
  readonly theme: 'light' | 'dark';
  readonly width: number;
}

/** report check, new, preview, list. */
export function addReportCommands(program: Command, bind: Bind): void {
  const report = program
    .command('report')
    .description('the reports in the reports folder')
    .addHelpText(
      'after',
      examples('rollcall report new active_users --from answers', 'rollcall report check', 'rollcall report list'),
    );

  const check = report
    .command('check')
    .description('read every report, try its SQL in the warehouse, and name each fault as file:line:column')
    .argument('[names...]', 'only these; without names, all')
    .option('--json', 'the faults as JSON', false)
    .addHelpText(
      'after',
      `\nNothing is published: what is tried in the warehouse is rolled back.${examples(
        'rollcall report check',
        'rollcall report check answers_per_session --json',
      )}`,
    );
  bind<ReportCheckOptions>(check, async (opened, options, context) =>
    (await import('../report/report-check.js')).runReportCheck(opened, options, context),
  );

  const create = report
    .command('new')
    .description('write the folder of a new report, ready to be changed')
    .argument('<name>', 'of the report: a-z, 0-9 and _; also the name of its view')
    .requiredOption(
      '--from <dataset or relation>',
      'a dataset of the catalog, or a relation such as analytics.answer_session',
    )
    .option(
      '--grain <columns>',
      'show it row by row, and these columns, separated by commas, identify a row (default: records of a dataset are counted per day)',
    )
    .addHelpText(
      'after',
      examples(
        'rollcall report new all_answers --from answers',
        'rollcall report new sessions --from analytics.answer_session --grain mode,session_id',
      ),
    );
  bind<ReportNewOptions>(create, async (opened, options, context) =>
    (await import('../report/report-new.js')).runReportNew(opened, options, context),
  );

  const preview = report
    .command('preview')
    .description('compute a report and show its rows, tests and charts, without publishing it')
    .argument('<name>')
    .option('--filter <name=value>', 'as in the address of its page; may be repeated', collect, [])
    .option('--sort <columns>', 'such as -answers,first_at (default: as its table says)')
    .option('--limit <n>', 'at most this many rows', parseCount, 20)
    .option('--chart <name>', 'also draw this chart; needs --out')
    .option('--out <file>', 'where the chart goes: .svg or .png')
    .addOption(new Option('--theme <theme>', 'of the chart').choices(['light', 'dark']).default('light'))
    .option('--width <pixels>', 'of the chart', parseCount, 960)
    .option('--json', 'the rows as JSON, one object a line', false)
    .addHelpText(
      'after',
      examples(
        'rollcall report preview answers_per_session --limit 5',
        "rollcall report preview daily_events_by_platform --filter day=last-7 --filter 'platform=~'",
        'rollcall report preview answers_per_session --chart sessions --out sessions.svg',
      ),
    );
  bind<ReportPreviewOptions>(preview, async (opened, options, context) =>
    (await import('../report/report-preview.js')).runReportPreview(opened, options, context),
  );

  const list = report
    .command('list')
    .description('what is served, how old it is, what is withheld')
    .option('--json', 'as JSON, one object a line', false)
    .addHelpText('after', examples('rollcall report list', 'rollcall report list --json | jq .report'));
  bind<JsonOption>(list, async (opened, options, context) =>
    (await import('../report/report-list.js')).runReportList(opened, options, context),
  );
}

function collect(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}
