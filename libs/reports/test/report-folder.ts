import { parseReport } from '../src/format/parse-report.js';
import type { ParsedReport } from '../src/format/parsed-report.js';
import type { Report } from '../src/report.js';

/** Parts of a report.yaml beside what every report has. */
export interface FolderParts {
  readonly name?: string;
  readonly sql: string;
  /** Lines of report.yaml from `grain` on. */
  readonly yaml: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** A folder of a test's own, parsed. The given part of report.yaml begins in line 7. */
export function parsedFolder({ name = 'quiz', sql, yaml, files = {} }: FolderParts): ParsedReport {
  const head = `report: ${name}\nrevision: 1\ntitle: Quiz\nquestion: How many?\ndescription: Of a test.\nowner: tests\n`;
  return parseReport({
    name,
    dir: `reports/${name}`,
    files: new Map([['report.yaml', head + yaml], ['view.sql', sql], ...Object.entries(files)]),
  });
}

/** The report of a folder that has no fault. */
export function goodReport(parts: FolderParts): Report {
  const { report, faults } = parsedFolder(parts);
  if (!report) throw new Error(faults.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  return report;
}
