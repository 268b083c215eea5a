import type { Dataset, Source } from '../dataset.js';
import { columnName } from '../column-name.js';
import { suggestion } from './nearest.js';
import type { DatasetEntry } from './source-schema.js';
import type { Path } from './yaml-places.js';

/** One dataset entry under check: where it stands and where its faults go. Paths are relative to the entry. */
export interface CheckContext {
  readonly kind: Source['kind'];
  readonly dataset: string;
  readonly entry: DatasetEntry;
  readonly fault: (path: Path, rule: string, message: string) => void;
  readonly faultAtKey: (path: Path, rule: string, message: string) => void;
}

/** The column names as they become, by what the file calls them. A database's columns are not listed: any name is taken there. */
export interface KnownColumns {
  readonly columns: Dataset['columns'];
  readonly open: boolean;
}

/** The column that a text of the file names; a fault when there is none. */
export function resolveColumn(
  context: CheckContext,
  known: KnownColumns,
  path: Path,
  text: string,
): string | undefined {
  const name = columnName(text);
  if (known.open || known.columns.some((column) => column.name === name)) return name;
  const names = known.columns.map((column) => column.name);
  context.fault(path, 'unknown-column', `${context.dataset} has no column "${text}"${suggestion(text, names)}`);
  return undefined;
}

/** Whether this is an IANA time zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
