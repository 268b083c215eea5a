import { columnName, postgresType, type Dataset } from '@rollcall/catalog';
import { columnCodec, quoteSourceIdentifier, type SourceTable } from '@rollcall/source-postgres';
import { quoteIdentifier, type Relation } from '@rollcall/warehouse';
import { comparedColumn, type ComparedColumn } from './compared-column.js';
import { keyColumn, type KeyColumn } from './key-column.js';

/** What of a dataset is compared, and by which key. */
export interface ComparePlan {
  readonly columns: readonly ComparedColumn[];
  /** Empty: rows cannot be told apart; the dataset is compared as one range. */
  readonly key: readonly KeyColumn[];
  /** Rows that say the same are one row in the warehouse: there is no key, and they are told apart by a hash of all they say. */
  readonly distinct: boolean;
  /** Columns that are not compared, and why. */
  readonly leftOut: readonly { readonly column: string; readonly why: string }[];
}

/** `relation`: as the loader sees the dataset now. Pure. */
export function planCompare(dataset: Dataset, table: SourceTable, relation: Relation): ComparePlan {
  const columns: ComparedColumn[] = [];
  const leftOut: { column: string; why: string }[] = [];
  const keys = new Map<string, KeyColumn>();
  for (const there of table.columns) {
    const listed = dataset.columns.find(({ from }) => from.includes(there.name));
    const name = listed?.name ?? columnName(there.name);
    const raw = relation.columns.find((column) => column.name === name);
    const hidden = listed !== undefined && listed.pii !== 'keep';
    if (hidden || !raw) {
      leftOut.push({ column: name, why: hidden ? `policy ${listed.pii}` : 'the warehouse does not have it' });
      continue;
    }
    const logical = columnCodec(there.type, listed?.type).logical;
    const compared = comparedColumn(there, logical, raw);
    if ('why' in compared) {
      leftOut.push({ column: name, why: compared.why });
      continue;
    }
    columns.push(compared);
    if (!dataset.key.includes(name)) continue;
    const own = { source: quoteSourceIdentifier(there.name), warehouse: quoteIdentifier(raw.physical) };
    keys.set(name, keyColumn(compared, own, logical, there.type, postgresType(raw.type)));
  }
  const names = new Set(table.columns.map((column) => homeOf(dataset, column.name)));
  for (const { name } of relation.columns)
    if (!names.has(name)) leftOut.push({ column: name, why: 'the source does not have it' });
  const key = dataset.key.flatMap((name) => keys.get(name) ?? []);
  const distinct = dataset.key.length === 0 && dataset.keyForm === 'hash';
  return { columns, key: key.length === dataset.key.length ? key : [], distinct, leftOut };
}

function homeOf(dataset: Dataset, field: string): string {
  return dataset.columns.find(({ from }) => from.includes(field))?.name ?? columnName(field);
}
