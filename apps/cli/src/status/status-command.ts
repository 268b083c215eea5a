import { formatValue } from '@rollcall/reports/shown';
import type { CliContext } from '../cli-context.js';
import type { JsonOption } from '../commands/platform-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { grouped, humanDuration, textTable } from '../screen/text-table.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { readStatus, type DatasetStatus, type PlatformStatus } from './read-status.js';

/** `rollcall status`: exit 1 when something needs an operator, 69 when a part does not answer. */
export async function runStatus(opened: OpenedSettings, options: JsonOption, context: CliContext): Promise<ExitCode> {
  const status = await readStatus(opened.settings, opened.catalogDir, Date.now());
  if (options.json) context.out.line(JSON.stringify(status));
  else print(status, context);
  if (status.unreachable.length > 0) return EXIT.unavailable;
  return status.concerns.length > 0 ? EXIT.findings : EXIT.ok;
}

function print(status: PlatformStatus, context: CliContext): void {
  const { out, paintOut } = context;
  const right = (title: string) => ({ title, align: 'right' as const });
  out.line(
    textTable(
      [
        { title: 'dataset' },
        right('newest batch'),
        right('batches lake'),
        right('loaded'),
        right('rows'),
        right('last load'),
        right('quarantine'),
        right('held'),
      ],
      status.datasets.map(datasetCells),
    ),
  );
  out.line('');
  if (status.reports.length > 0) {
    out.line(
      textTable(
        [{ title: 'report' }, right('rows'), { title: 'state' }, { title: 'data up to' }, right('withheld')],
        status.reports.map(({ report, rows, state, asOf, withheld }) => [
          report,
          grouped(rows),
          state,
          asOf === undefined ? '-' : formatValue(asOf, 'instant'),
          grouped(withheld),
        ]),
      ),
    );
    out.line('');
  }
  out.line(
    textTable(
      [{ title: 'consumer' }, { title: 'stream' }, right('pending'), right('in hand'), right('redelivered')],
      status.consumers.map((c) => [
        c.durable,
        c.stream,
        grouped(c.pending),
        grouped(c.ackPending),
        grouped(c.redelivered),
      ]),
    ),
  );
  out.line('');
  for (const { name, ready, why } of status.services) {
    out.line(
      `${ready ? paintOut.green('ready    ') : paintOut.red('not ready')}  ${name}${why === undefined ? '' : `: ${why}`}`,
    );
  }
  out.line(`dead letters  ${status.deadLetters === undefined ? 'unknown' : grouped(status.deadLetters)}`);
  for (const sentence of status.unreachable) out.line(`${paintOut.red('unreachable')}  ${sentence}`);
  for (const sentence of status.concerns) out.line(`${paintOut.yellow('look at')}  ${sentence}`);
}

function datasetCells(d: DatasetStatus): readonly string[] {
  const count = (n: number | undefined): string => (n === undefined ? '?' : grouped(n));
  const age = (ms: number | undefined): string => (ms === undefined ? '-' : `${humanDuration(ms)} ago`);
  return [
    d.dataset,
    age(d.newestBatchAgeMs),
    count(d.lakeBatches),
    count(d.loadedBatches),
    count(d.rows),
    age(d.lastLoadAgeMs),
    count(d.quarantined),
    count(d.held),
  ];
}
