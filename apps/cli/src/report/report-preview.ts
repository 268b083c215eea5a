import { resolve } from 'node:path';
import { formatFault, loadCatalog } from '@rollcall/catalog';
import { inspectReports, readReports, type Report, type ReportSet } from '@rollcall/reports';
import { openWarehouse, sqlState, type Warehouse } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ReportPreviewOptions } from '../commands/report-commands.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import { requireSettings } from '../settings/cli-settings.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { drawPreview } from './draw-preview.js';
import { readPreview, type Preview } from './read-preview.js';
import { readPreviewRequest, type PreviewRequest } from './preview-request.js';
import { computePreview } from './preview-tables.js';
import { printPreview } from './print-preview.js';
import { nearby, nearbyPath, unknownReports } from './report-folder.js';

/** `rollcall report preview`: what a report would show now. Exit 1 when it is faulty, cannot be computed, or a test fails. */
export async function runReportPreview(
  opened: OpenedSettings,
  options: ReportPreviewOptions,
  context: CliContext,
): Promise<ExitCode> {
  const { WAREHOUSE_URL } = requireSettings(opened.settings, ['WAREHOUSE_URL']);
  const [name = ''] = options.args;
  const set = await readReports(opened.reportsDir);
  if (unknownReports(set, [name], opened.reportsDir, context)) return EXIT.usage;
  await using warehouse = openWarehouse(WAREHOUSE_URL, {
    applicationName: 'rollcall report preview',
    maxConnections: 1,
  });
  const report = await soundReport(opened, set, name, warehouse, context);
  if (!report) return EXIT.findings;
  const request = readPreviewRequest(report, options);
  if (isFaults(request)) {
    for (const fault of request) context.err.line(`error: ${fault}`);
    return EXIT.usage;
  }
  const preview = await compute(warehouse, set, report, request, context);
  if (!preview) return EXIT.findings;
  printPreview(report, preview, options.json, context);
  if (request.drawing && preview.chart) {
    await drawPreview(report, request.drawing, preview.chart, options, resolve(context.cwd, request.drawing.out));
    context.err.line(`chart ${request.drawing.chart.name}: ${request.drawing.out}`);
  }
  return preview.tests.every(({ failures }) => failures === 0) ? EXIT.ok : EXIT.findings;
}

/** The report, if neither its folder nor the warehouse finds a fault in it; else its faults are printed. */
async function soundReport(
  { catalogDir }: OpenedSettings,
  set: ReportSet,
  name: string,
  warehouse: Warehouse,
  context: CliContext,
): Promise<Report | undefined> {
  const catalog = await loadCatalog(catalogDir);
  const inspections = await warehouse.session((session) => inspectReports(session, set, catalog));
  const inspection = inspections.get(name);
  const faults = set.faults.get(name) ?? inspection?.faults ?? [];
  for (const fault of faults) context.err.line(formatFault(nearby(fault, context.cwd)));
  for (const note of inspection?.notes ?? []) context.err.line(context.paintErr.dim(`note: ${note}`));
  return faults.length > 0 ? undefined : set.reports.find((report) => report.name === name);
}

/** What the data does to the view is told like a fault of the view: it is for the same people to mend. */
async function compute(
  warehouse: Warehouse,
  set: ReportSet,
  report: Report,
  request: PreviewRequest,
  context: CliContext,
): Promise<Preview | undefined> {
  try {
    return await warehouse.session((session) =>
      computePreview(session, set, report, (relation) => readPreview(session, report, request, relation)),
    );
  } catch (error) {
    const state = sqlState(error);
    if (!(error instanceof Error) || state === undefined || !/^2[12]/.test(state)) throw error;
    const file = nearbyPath(report.sqlFile, context.cwd);
    context.err.line(`${file}: error: cannot be computed: ${error.message} [sql-${state}]`);
    return undefined;
  }
}

function isFaults(request: PreviewRequest | readonly string[]): request is readonly string[] {
  return Array.isArray(request);
}
