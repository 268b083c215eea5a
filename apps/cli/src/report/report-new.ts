import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { formatFault, loadCatalog, suggestion } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { newReportFiles, parseReport, readReports } from '@rollcall/reports';
import { qualified } from '@rollcall/warehouse';
import type { CliContext } from '../cli-context.js';
import type { ReportNewOptions } from '../commands/report-commands.js';
import { openForReading } from '../edges/warehouse-facts.js';
import { EXIT, type ExitCode } from '../exit-code.js';
import type { OpenedSettings } from '../settings/open-settings.js';
import { logicalType } from './bi-column.js';
import { nearbyPath } from './report-folder.js';
import { rowsReportFiles } from './rows-report-files.js';
import { relationOfCatalog, relationOfReport, relationOfWarehouse, type SourceRelation } from './source-relation.js';

/** `rollcall report new`: a folder that passes the check. What stands there already is never touched. */
export async function runReportNew(
  opened: OpenedSettings,
  options: ReportNewOptions,
  context: CliContext,
): Promise<ExitCode> {
  const [name = ''] = options.args;
  const source = await sourceOf(opened, options.from);
  const grain = grainOf(source, options.grain);
  if (typeof grain === 'string') {
    context.err.line(`error: ${grain}`);
    return EXIT.usage;
  }
  const files = filesOf(name, source, grain);
  const dir = join(opened.reportsDir, name);
  const { faults } = parseReport({ name, dir: nearbyPath(dir, context.cwd), files });
  if (faults.length > 0) {
    for (const fault of faults)
      context.err.line(`error: ${fault.rule === 'bad-name' ? fault.message : formatFault(fault)}`);
    return EXIT.usage;
  }
  await writeFolder(opened.reportsDir, dir, files);
  for (const path of files.keys()) context.out.line(nearbyPath(join(dir, path), context.cwd));
  context.err.line(context.paintErr.dim(`next: rollcall report preview ${name}`));
  return EXIT.ok;
}

async function sourceOf({ settings, catalogDir, reportsDir }: OpenedSettings, from: string): Promise<SourceRelation> {
  const below = /^report\.(\w+)$/.exec(from)?.[1];
  const report =
    below === undefined ? undefined : (await readReports(reportsDir)).reports.find((r) => r.name === below);
  if (report) return relationOfReport(report);
  const catalog = await loadCatalog(catalogDir);
  if (settings.WAREHOUSE_URL === undefined) return relationOfCatalog(from, catalog);
  await using warehouse = openForReading(settings.WAREHOUSE_URL);
  return await relationOfWarehouse(from, catalog, warehouse, qualified);
}

/** Records of a dataset are counted per day or value; where a grain is known, a relation is shown row by row. */
function filesOf(name: string, source: SourceRelation, grain: readonly string[]): ReadonlyMap<string, string> {
  const owner = userInfo().username;
  if (!source.dataset || grain.length > 0) return rowsReportFiles({ name, owner, source, grain });
  const columns = source.columns.map((column) => ({ name: column.name, type: logicalType(column.type) }));
  return newReportFiles({ name, owner, dataset: source.dataset.name, columns });
}

/** The columns that identify a row, or a sentence why not. Of a dataset only where they are asked for. */
function grainOf(source: SourceRelation, given: string | undefined): readonly string[] | string {
  const names = source.columns.map(({ name }) => name);
  const key = source.dataset ? [] : source.key;
  const grain = given === undefined ? key : given.split(',').map((part) => part.trim());
  const unknown = grain.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    return `--grain: ${source.schema}.${source.name} has no column ${unknown}${suggestion(unknown, names)}`;
  }
  if (grain.length > 0 || source.dataset) return grain;
  return `--grain: say which columns identify a row of ${source.schema}.${source.name}; it has ${names.join(', ')}`;
}

async function writeFolder(reportsDir: string, dir: string, files: ReadonlyMap<string, string>): Promise<void> {
  await mkdir(reportsDir, { recursive: true });
  await mkdir(dir).catch((cause: unknown) => {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    throw new RollcallError(
      'config/invalid',
      there ? `${dir} is there already: take another name` : `${dir} cannot be made`,
      {
        cause,
      },
    );
  });
  for (const [path, text] of files) await writeFile(join(dir, path), text, { flag: 'wx' });
}
