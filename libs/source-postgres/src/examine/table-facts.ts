import type { SourceTable } from '../tables/source-table.js';
import type { RelationFacts } from './read-facts.js';
import type { ExaminedTable, SourceFault } from './source-fault.js';

export interface TableFacts {
  readonly wanted: ExaminedTable;
  readonly table: SourceTable;
  /** The table itself. */
  readonly own: RelationFacts;
  /** The tables that are read in its place: partitions, or itself. */
  readonly leaves: readonly RelationFacts[];
}

/** A fault of this table. */
export function fault(
  { wanted }: Pick<TableFacts, 'wanted'>,
  rule: SourceFault['rule'],
  severity: SourceFault['severity'],
  message: string,
  mend?: string,
): SourceFault {
  const { name } = wanted;
  return { rule, severity, table: name, message: `${name}: ${message}`, ...(mend === undefined ? {} : { mend }) };
}
