import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sortFaults } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { chartColumns } from '../query/chart-statement.js';
import { checkReports } from './check-reports.js';
import { parseReport } from './parse-report.js';
import type { ParsedReport, ReportFiles, ReportSet } from './parsed-report.js';

/** What of a folder counts. Everything else (a README, an editor's own files) does not. */
const COUNTED =
  /^(?:report\.yaml|[^.][^/]*\.(?:sql|vl\.json)|(?:tests|charts)\/(?:[^./][^/]*\/)*[^./][^/]*\.(?:sql|vl\.json))$/;

/**
 * Reads every folder of `dir` that holds a `report.yaml` or a `view.sql`. Faults are in the set, never thrown.
 * Throws report/invalid when the folder itself cannot be read.
 */
export async function readReports(dir: string): Promise<ReportSet> {
  const parsed = (await readReportFolders(dir)).map(parseReport);
  return checkReports(await Promise.all(parsed.map(withSpecsChecked)));
}

/** Looks into the Vega-Lite files of a report. Vega is large, and few reports have such files: it is loaded when one does. */
async function withSpecsChecked(parsed: ParsedReport): Promise<ParsedReport> {
  const { report, ...rest } = parsed;
  const drawn = report?.charts.filter(({ specFile }) => specFile !== undefined) ?? [];
  if (!report || drawn.length === 0) return parsed;
  const { checkVegaLite } = await import('../charts/check-vega-lite.js');
  const faults = drawn.flatMap((chart) => {
    const columns = chartColumns(report, chart).map(({ name }) => name);
    const text = rest.files.get(chart.specFile ?? '') ?? '';
    return checkVegaLite(text, `${rest.dir}/${chart.specFile ?? ''}`, columns);
  });
  return faults.length > 0 ? { ...rest, faults: sortFaults(faults) } : parsed;
}

/** The files of every report, by folder name. Throws report/invalid when the folder itself cannot be read. */
export async function readReportFolders(dir: string): Promise<readonly ReportFiles[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new RollcallError('report/invalid', `folder of reports ${dir} cannot be read`, { cause });
  });
  const names = entries.filter((entry) => !entry.isFile() && !/^[._]/.test(entry.name)).map(({ name }) => name);
  const folders = await Promise.all(names.sort().map((name) => readReportFolder(dir, name)));
  return folders.filter(({ files }) => files.has('report.yaml') || files.has('view.sql'));
}

/** One folder. What vanishes while it is read is not in it. */
export async function readReportFolder(dir: string, name: string): Promise<ReportFiles> {
  const folder = join(dir, name);
  const paths = await readdir(folder, { recursive: true }).catch(() => []);
  const counted = paths.map((path) => path.replaceAll('\\', '/')).filter((path) => COUNTED.test(path));
  const texts = await Promise.all(
    counted.sort().map(async (path) => [path, await readText(join(folder, path))] as const),
  );
  const files = new Map(texts.flatMap(([path, text]) => (text === undefined ? [] : [[path, text] as const])));
  return { name, dir: folder, files };
}

async function readText(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}
