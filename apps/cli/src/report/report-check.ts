import { formatFault, loadCatalog, type Fault } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { inspectReports, readReports, type Inspection, type ReportSet } from '@rollcall/reports';
import { openWarehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ReportCheckOptions } from '../commands/report-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { folderNames, nearby, unknownReports } from './report-folder.js';

/** `rollcall report check`: every fault of the reports, one a line on standard output. Exit 1 when there is one. */
export async function runReportCheck(
  opened: OpenedSettings,
  options: ReportCheckOptions,
  context: CliContext,
): Promise<ExitCode> {
  const set = await readReports(opened.reportsDir);
  if (unknownReports(set, options.args, opened.reportsDir, context)) return EXIT.usage;
  const names = options.args.length > 0 ? options.args : folderNames(set);
  const isFaulty = names.some((name) => set.faults.has(name));
  const inspections = await inspect(opened, set).catch((error: unknown) => {
    // What is known to be wrong is said, whether or not the warehouse answers.
    if (!isFaulty || !(error instanceof RollcallError)) throw error;
    context.err.line(context.paintErr.yellow(`note: ${error.message}`));
    return undefined;
  });
  const faults: Fault[] = [];
  for (const name of names)
    faults.push(...(set.faults.get(name) ?? [...(await drawn(set, name)), ...(inspections?.get(name)?.faults ?? [])]));
  const shown = faults.map((fault) => nearby(fault, context.cwd));
  tellNotes(names, inspections, context);
  print(shown, names.length, opened.reportsDir, options.json, context);
  return shown.length > 0 ? EXIT.findings : EXIT.ok;
}

/** Each chart of a good report is drawn over sample rows. Vega is large: it is loaded when there is a chart. */
async function drawn(set: ReportSet, name: string): Promise<readonly Fault[]> {
  const report = set.reports.find((one) => one.name === name);
  if (report === undefined || report.charts.length === 0) return [];
  const { checkChart } = await import('@rollcall/reports/charts');
  return report.charts.flatMap((chart) =>
    checkChart(report, chart).map((message) =>
      set.faultAt(name, ['show'], 'chart', `chart "${chart.name}" cannot be drawn: ${message}`),
    ),
  );
}

/** What the warehouse says of the good ones; undefined: there is none to ask. */
async function inspect(
  { settings, catalogDir }: OpenedSettings,
  set: ReportSet,
): Promise<ReadonlyMap<string, Inspection> | undefined> {
  if (settings.WAREHOUSE_URL === undefined) return undefined;
  const catalog = await loadCatalog(catalogDir);
  await using warehouse = openWarehouse(settings.WAREHOUSE_URL, {
    applicationName: 'rollcall report check',
    maxConnections: 1,
  });
  return await warehouse.session((session) => inspectReports(session, set, catalog));
}

function tellNotes(
  names: readonly string[],
  inspections: ReadonlyMap<string, Inspection> | undefined,
  { err, paintErr }: CliContext,
): void {
  if (!inspections) err.line(paintErr.dim('note: SQL not checked, no warehouse (WAREHOUSE_URL)'));
  for (const name of names)
    for (const note of inspections?.get(name)?.notes ?? []) err.line(paintErr.dim(`note: ${name}: ${note}`));
}

function print(faults: readonly Fault[], count: number, dir: string, json: boolean, context: CliContext): void {
  const { out, err, paintErr } = context;
  if (json) out.line(JSON.stringify(faults));
  else for (const fault of faults) out.line(formatFault(fault));
  if (faults.length > 0) err.line(paintErr.red(`${faults.length} fault${faults.length === 1 ? '' : 's'} in ${dir}`));
  else if (!json) out.line(`${count} report${count === 1 ? '' : 's'}: no fault`);
}
