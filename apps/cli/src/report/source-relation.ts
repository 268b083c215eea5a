import { postgresType, suggestion, type Catalog, type Dataset } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { Report } from '@rollcall/reports';
import type { Warehouse } from '@rollcall/warehouse';

export interface SourceColumn {
  readonly name: string;
  /** As Postgres writes it: `bigint`, `numeric(10,2)`, `text[]`. */
  readonly type: string;
  readonly description?: string | undefined;
}

/** What a new report is to be about. */
export interface SourceRelation {
  readonly schema: string;
  readonly name: string;
  readonly description?: string | undefined;
  readonly columns: readonly SourceColumn[];
  /** Columns that tell its rows apart; empty: not known. */
  readonly key: readonly string[];
  /** The dataset it shows, whose rows lead back to their records by `_batch_id` and `_position`. */
  readonly dataset?: Dataset | undefined;
}

/** What the warehouse keeps for readers, other reports, and what people made themselves. */
const OPEN_SCHEMAS = ['analytics', 'history', 'report', 'custom'];

/**
 * The relation that `--from` means: a dataset is its clean view, a bare name one of schema analytics.
 * @throws RollcallError config/invalid when reports may not stand on it
 */
function relationNamed(from: string, catalog: Catalog): Pick<SourceRelation, 'schema' | 'name' | 'dataset'> {
  const at = from.indexOf('.');
  const schema = at < 0 ? 'analytics' : from.slice(0, at);
  const name = from.slice(at + 1);
  if (!OPEN_SCHEMAS.includes(schema)) {
    const open = OPEN_SCHEMAS.join(', ');
    throw new RollcallError(
      'config/invalid',
      `--from ${from}: schema ${schema} is not for reports; they stand on ${open}`,
    );
  }
  return { schema, name, dataset: schema === 'analytics' ? catalog.datasets.get(name) : undefined };
}

/**
 * The relation as the catalog has it.
 * @throws RollcallError config/invalid when it is no dataset
 */
export function relationOfCatalog(from: string, catalog: Catalog): SourceRelation {
  const named = relationNamed(from, catalog);
  const { dataset } = named;
  if (!dataset) {
    const known = suggestion(from, [...catalog.datasets.keys()]);
    throw new RollcallError(
      'config/invalid',
      `--from ${from} is no dataset, and there is no warehouse (WAREHOUSE_URL) to look for it${known}`,
    );
  }
  const own = dataset.columns
    .filter(({ pii }) => pii !== 'drop')
    .map(({ name, type, description }) => ({ name, type: postgresType(type), description }));
  const derived = dataset.derive.map(({ column }) => ({
    name: column,
    type: 'text',
    description: 'The session of this row',
  }));
  return { ...named, description: dataset.description, columns: [...own, ...derived], key: dataset.key };
}

/** A report of the folder, published or not. */
export function relationOfReport({ name, description, columns, grain }: Report): SourceRelation {
  const shown = columns.map((column) => ({ ...column, type: postgresType(column.type) }));
  return { schema: 'report', name, description, columns: shown, key: grain };
}

interface ColumnRow {
  readonly name: string;
  readonly type: string;
  readonly description: string | null;
  readonly in_key: boolean;
}

// The smallest unique index whose columns are all there is to it; views have none.
const COLUMNS = `
SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, col_description(a.attrelid, a.attnum) AS description,
       coalesce(a.attnum = ANY (k.columns), false) AS in_key
FROM pg_attribute a
LEFT JOIN LATERAL (
  SELECT i.indkey::int2[] AS columns FROM pg_index i
  WHERE i.indrelid = a.attrelid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
  ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid LIMIT 1) k ON true
WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;

/**
 * The relation as the warehouse has it, with the key and the words of the catalog.
 * @throws RollcallError config/invalid when it is not there, warehouse/*
 */
export async function relationOfWarehouse(
  from: string,
  catalog: Catalog,
  warehouse: Warehouse,
  qualified: (schema: string, name: string) => string,
): Promise<SourceRelation> {
  const named = relationNamed(from, catalog);
  const place = qualified(named.schema, named.name);
  const [there] = await warehouse.query<{ description: string | null }>(
    `SELECT obj_description(to_regclass($1), 'pg_class') AS description WHERE to_regclass($1) IS NOT NULL`,
    [place],
  );
  if (!there) {
    if (named.dataset) return relationOfCatalog(from, catalog);
    const known = suggestion(from, [...catalog.datasets.keys()]);
    throw new RollcallError(
      'config/invalid',
      `--from ${from}: the warehouse has no ${named.schema}.${named.name}${known}`,
    );
  }
  const columns = await warehouse.query<ColumnRow>(COLUMNS, [place]);
  const dropped = new Set(named.dataset?.columns.filter(({ pii }) => pii === 'drop').map(({ name }) => name));
  return {
    ...named,
    description: there.description ?? named.dataset?.description,
    columns: columns
      .filter(({ name }) => !name.startsWith('_') && !dropped.has(name))
      .map(({ name, type, description }) => ({ name, type, description: description ?? undefined })),
    key: named.dataset?.key ?? columns.filter(({ in_key }) => in_key).map(({ name }) => name),
  };
}
