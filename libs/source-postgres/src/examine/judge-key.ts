import { qualifiedSource, quoteSourceIdentifier } from '../tables/quote-source-identifier.js';
import type { IndexFacts } from './read-facts.js';
import type { SourceFault } from './source-fault.js';
import { fault, type TableFacts } from './table-facts.js';

/** Whether the catalog's key tells the rows of the table apart, and whether the log gives it of rows that go. */
export function judgeKey(facts: TableFacts): SourceFault[] {
  const { wanted, table, own } = facts;
  const { key } = wanted;
  const present = key.every((name) => table.columns.some((column) => column.name === name));
  if (key.length === 0 || !present) return [];
  const qualified = qualifiedSource(table.schema, table.name);
  const columns = key.map(quoteSourceIdentifier);
  if (table.kind !== 'table' && table.kind !== 'partitioned')
    return [
      fault(
        facts,
        'key-not-unique',
        'warn',
        `it is a ${table.kind}, so nothing proves that (${key.join(', ')}) is unique`,
      ),
    ];
  const nullable = key.filter((name) => table.columns.some((column) => column.name === name && !column.notNull));
  const unique = own.indexes.some((index) => index.unique && sameColumns(index, key));
  if (!unique || nullable.length > 0) {
    const how = table.kind === 'partitioned' ? 'CREATE UNIQUE INDEX' : 'CREATE UNIQUE INDEX CONCURRENTLY';
    const pk = table.primaryKey.length === 0 ? '' : `; its primary key is (${table.primaryKey.join(', ')})`;
    const mend = [
      ...(unique ? [] : [`${how} ON ${qualified} (${columns.join(', ')});`]),
      ...nullable.map((name) => `ALTER TABLE ${qualified} ALTER COLUMN ${quoteSourceIdentifier(name)} SET NOT NULL;`),
    ];
    const message = `nothing keeps the catalog's key (${key.join(', ')}) unique and not null: rows would be taken for one${pk}`;
    return [fault(facts, 'key-not-unique', 'stop', message, mend.join('\n'))];
  }
  if (table.primaryKey.length === 0 || sameSet(table.primaryKey, key)) return [];
  const message = `the catalog's key is (${key.join(', ')}), the primary key (${table.primaryKey.join(', ')})`;
  return [fault(facts, 'key-differs', 'warn', message)];
}

/** Deletes come with the columns of the replica identity alone: the key must be among them, and without a key the whole row. */
export function judgeIdentity(facts: TableFacts): SourceFault[] {
  const { wanted, table, own } = facts;
  const { key } = wanted;
  const enough =
    key.length === 0 ? table.replicaIdentity === 'full' : key.every((name) => table.identityColumns.includes(name));
  // None at all is a fault of its own; a partitioned table has none, its partitions do.
  if (enough || table.identityColumns.length === 0 || table.kind !== 'table') return [];
  const qualified = qualifiedSource(table.schema, table.name);
  const index =
    key.length === 0 ? undefined : own.indexes.find((each) => each.unique && each.immediate && sameColumns(each, key));
  const identity = index === undefined ? 'FULL' : `USING INDEX ${quoteSourceIdentifier(index.name)}`;
  const what = key.length === 0 ? 'the whole row, as it has no key' : `its key (${key.join(', ')})`;
  const message = `the log gives (${table.identityColumns.join(', ')}) of a deleted row, and the catalog needs ${what}`;
  return [
    fault(facts, 'key-not-in-identity', 'stop', message, `ALTER TABLE ${qualified} REPLICA IDENTITY ${identity};`),
  ];
}

function sameColumns(index: IndexFacts, key: readonly string[]): boolean {
  return sameSet(index.columns, key);
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}
