import { suggestion, type Path } from '@rollcall/catalog';
import type { ReportColumn, SortKey } from '../report.js';
import type { SqlFault } from './check-sql.js';
import type { ReportEntry } from './report-schema.js';

/** One report under check: what it says, its columns, and where faults go. */
export interface ReportContext {
  readonly name: string;
  readonly entry: ReportEntry;
  readonly columns: readonly ReportColumn[];
  /** Text of a file of the folder. */
  readonly file: (path: string) => string | undefined;
  readonly fault: (path: Path, rule: string, message: string) => void;
  readonly faultAtKey: (path: Path, rule: string, message: string) => void;
  /** Faults of a SQL text that stands in report.yaml. */
  readonly faultsInText: (path: Path, faults: readonly SqlFault[]) => void;
  /** Faults of a file of the folder. */
  readonly faultsInFile: (file: string, faults: readonly SqlFault[]) => void;
}

/** The column that a text names; a fault when there is none. */
export function columnAt(context: ReportContext, path: Path, text: string): ReportColumn | undefined {
  const found = context.columns.find(({ name }) => name === text);
  if (!found) reportUnknown(context, path, text, context.columns);
  return found;
}

/** The same for the key of a map. */
export function columnAtKey(context: ReportContext, path: Path, text: string): ReportColumn | undefined {
  const found = context.columns.find(({ name }) => name === text);
  if (!found) {
    const message = `${context.name} has no column "${text}"${suggestion(text, namesOf(context.columns))}`;
    context.faultAtKey(path, 'unknown-column', message);
  }
  return found;
}

/** Several columns, each once. */
export function columnsAt(context: ReportContext, path: Path, texts: readonly string[]): readonly ReportColumn[] {
  return texts.flatMap((text, at) => {
    if (texts.indexOf(text) < at) context.fault([...path, at], 'column-twice', `${text} stands twice`);
    return columnAt(context, [...path, at], text) ?? [];
  });
}

/** `-answers`, or a list of such, over columns that are known here. */
export function sortAt(
  context: ReportContext,
  path: Path,
  sort: string | readonly string[] | undefined,
  known: readonly Pick<ReportColumn, 'name'>[],
): readonly SortKey[] {
  const listed = typeof sort !== 'string';
  const texts = listed ? (sort ?? []) : [sort];
  const seen = new Set<string>();
  return texts.flatMap((text, at): readonly SortKey[] => {
    const place = listed ? [...path, at] : path;
    const descending = text.startsWith('-');
    const column = descending ? text.slice(1) : text;
    if (seen.has(column)) context.fault(place, 'column-twice', `${column} stands twice`);
    seen.add(column);
    if (known.some(({ name }) => name === column)) return [{ column, descending }];
    reportUnknown(context, place, column, known);
    return [];
  });
}

function reportUnknown(
  context: ReportContext,
  path: Path,
  text: string,
  known: readonly Pick<ReportColumn, 'name'>[],
): void {
  context.fault(path, 'unknown-column', `${context.name} has no column "${text}"${suggestion(text, namesOf(known))}`);
}

function namesOf(columns: readonly Pick<ReportColumn, 'name'>[]): readonly string[] {
  return columns.map(({ name }) => name);
}

/** `first_answer` as a label: First answer. */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
