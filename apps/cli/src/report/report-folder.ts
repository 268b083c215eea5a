import { isAbsolute, relative } from 'node:path';
import { suggestion, type Fault } from '@rollcall/catalog';
import type { ReportSet } from '@rollcall/reports';
import type { CliContext } from '../cli-context.js';

/** Every report of the folder, faulty ones too, by the alphabet. */
export function folderNames(set: ReportSet): readonly string[] {
  return [...new Set([...set.reports.map(({ name }) => name), ...set.faults.keys()])].sort();
}

/** Whether a name is none of the folder; says so, with the one that may have been meant. */
export function unknownReports(set: ReportSet, names: readonly string[], dir: string, context: CliContext): boolean {
  const known = folderNames(set);
  const unknown = names.filter((name) => !known.includes(name));
  for (const name of unknown) context.err.line(`error: there is no report ${name} in ${dir}${suggestion(name, known)}`);
  return unknown.length > 0;
}

/** A path as seen from here, where it lies below: what editors and terminals can open. */
export function nearbyPath(path: string, cwd: string): string {
  const seen = relative(cwd, path);
  return seen.startsWith('..') || isAbsolute(seen) ? path : seen;
}

export function nearby(fault: Fault, cwd: string): Fault {
  return { ...fault, file: nearbyPath(fault.file, cwd) };
}
