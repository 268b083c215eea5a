import { formatValue } from '@rollcall/reports/shown';
import type { CliContext } from '../cli-context.js';
import type { JsonOption } from '../commands/platform-commands.js';
import { reportFreshness } from '../edges/report-freshness.js';
import { openForReading } from '../edges/warehouse-facts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { grouped } from '../screen/text-table.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { printRows } from '../waiting/print-rows.js';

const HEADS = [
  { title: 'report' },
  { title: 'rows', align: 'right' },
  { title: 'state' },
  { title: 'data up to' },
  { title: 'computed' },
  { title: 'withheld', align: 'right' },
  { title: 'tests failed', align: 'right' },
] as const;

/** `rollcall report list`: what is served, from `report.freshness`. */
export async function runReportList(
  opened: OpenedSettings,
  options: JsonOption,
  context: CliContext,
): Promise<ExitCode> {
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  await using warehouse = openForReading(WAREHOUSE_URL);
  const reports = await reportFreshness(warehouse);
  printRows(context, reports, options.json, HEADS, (report) => [
    report.report,
    grouped(report.rows),
    report.state,
    report.asOf === undefined ? '-' : formatValue(report.asOf, 'instant'),
    formatValue(report.computedAt, 'instant'),
    grouped(report.withheld),
    grouped(report.testsFailed),
  ]);
  for (const { report, heldBackReason } of reports) {
    if (heldBackReason !== undefined && !options.json)
      context.err.line(context.paintErr.yellow(`${report} is held back: ${heldBackReason}`));
  }
  return EXIT.ok;
}
