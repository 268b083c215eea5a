import { type Dataset, type PiiKey } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { formatTableName, qualifiedSource, type SourceTable } from '@rollcall/source-postgres';
import { planCapture } from '../plan/capture-plan.js';
import { type LogTable } from './log-table.js';

/**
 * How changes of a table become rows of a dataset: pure. `table` has the columns of the relation message, in its order. A column of the catalog that
 * the table does not have (any more) is left out. Code `source/unfit` where changes could not be followed.
 */
export function planLogTable(dataset: Dataset, table: SourceTable, piiKey: PiiKey | undefined): LogTable {
  const plan = planCapture(dataset, table, piiKey);
  const unfit = plan.faults.filter(({ kind }) => kind !== 'column-missing').map(({ message }) => message);
  const fault =
    unfit[0] ??
    identityFault(
      dataset,
      table,
      plan.key.flatMap((at) => plan.columns[at]?.sourceColumn.name ?? []),
    );
  if (fault !== undefined) throw new RollcallError('source/unfit', fault);
  const hashed = dataset.keyForm === 'hash' && plan.key.length > 0;
  if (hashed && !plan.hashKey)
    throw new RollcallError('source/unfit', plan.faults.map(({ message }) => message).join('; '));
  return {
    dataset: dataset.name,
    columns: plan.columns.map(({ name, type, codec }, field) => ({ name, type, field, decode: codec.text })),
    key: plan.key,
    ...(hashed && plan.hashKey && { hashKey: plan.hashKey }),
  };
}

/** The log must give the key of every row that goes or moves. REPLICA IDENTITY NOTHING lets nobody change a row, so nothing is missed. */
function identityFault(dataset: Dataset, table: SourceTable, key: readonly string[]): string | undefined {
  const { replicaIdentity, identityColumns } = table;
  if (replicaIdentity === 'nothing' || replicaIdentity === 'full') return undefined;
  const missing = key.filter((name) => !identityColumns.includes(name));
  if (key.length > 0 && missing.length === 0) return undefined;
  const what =
    key.length === 0
      ? `dataset ${dataset.name} has no key, so the log must give whole old rows`
      : `column ${missing.join(', ')} of the key of ${dataset.name} is not in its replica identity, so the log does not give it for rows that go`;
  return `${formatTableName(table)}: ${what}: ALTER TABLE ${qualifiedSource(table.schema, table.name)} REPLICA IDENTITY FULL`;
}
