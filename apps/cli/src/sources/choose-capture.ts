import type { SourceColumn, SourceTable } from '@rollcall/source-postgres';

/** How a table is best captured, and why in a sentence. */
export interface ChosenCapture {
  readonly mode: 'full' | 'watermark' | 'log';
  readonly cursor?: string;
  readonly why: string;
}

export interface SourceAbilities {
  /** wal_level is logical and the role may replicate. */
  readonly canReplicate: boolean;
  /** What stands in the way, where it cannot. */
  readonly whyNot: string;
}

/** Names that people give to the column that tells when a row changed, the best first. */
const CURSORS = [
  'updated_at',
  'modified_at',
  'last_modified',
  'last_updated',
  'modified_datetime',
  'changed_at',
  'updated',
];
const INSTANTS: ReadonlySet<string> = new Set(['timestamptz', 'timestamp']);

/** The log where it can be had, else a column that grows, else the whole table each time. Pure. */
export function chooseCapture(table: SourceTable, { canReplicate, whyNot }: SourceAbilities): ChosenCapture {
  const holdsRows = table.kind === 'table' || table.kind === 'partitioned';
  const isTold = table.identityColumns.length > 0;
  if (holdsRows && canReplicate && isTold) return { mode: 'log', why: 'every change, deletions too' };
  const because = !holdsRows
    ? `a ${table.kind} has no log of its own`
    : !canReplicate
      ? whyNot
      : 'no replica identity: the log would not say which row changed';
  const cursor = cursorOf(table.columns);
  if (cursor !== undefined && table.primaryKey.length > 0)
    return { mode: 'watermark', cursor: cursor.name, why: `${because}; ${cursor.name} tells what changed` };
  return { mode: 'full', why: `${because}; no key with a column that tells what changed` };
}

function cursorOf(columns: readonly SourceColumn[]): SourceColumn | undefined {
  const instants = columns.filter(({ type }) => type.shape.kind === 'builtin' && INSTANTS.has(type.shape.name));
  return CURSORS.flatMap((name) => instants.find((column) => column.name.toLowerCase() === name) ?? [])[0];
}
