import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { RollcallError } from '@rollcall/kernel';
import { checkReports } from './check-reports.js';
import { parseReport } from './parse-report.js';
import type { ReportFiles, ReportSet } from './parsed-report.js';

/** What of a folder counts. Everything else (a README, an editor's own files) does not. */
const COUNTED =
  /^(?:report\.yaml|[^.][^/]*\.(?:sql|vl\.json)|(?:tests|charts)\/(?:[^./][^/]*\/)*[^./][^/]*\.(?:sql|vl\.json))$/;

/**
 * Reads every folder of `dir` that holds a `report.yaml` or a `view.sql`. Faults are in the set, never thrown.
 * Throws report/invalid when the folder itself cannot be read.
 */
export async function readReports(dir: string): Promise<ReportSet> {
  return checkReports((await readReportFolders(dir)).map(parseReport));
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
