import { quoteIdentifier, quoteLiteral } from './dialect/quote-identifier.js';
import type { Warehouse } from './open-warehouse.js';

/** What differs between two histories of the same content: ledger numbers, and ids that sessions once had. */
const PASSED_OVER: ReadonlySet<string> = new Set(['_batch_id', 'previous_ids']);

/**
 * The content of every table of raw, history and analytics, and of quarantine (dataset, position, reason), as `<rows>:<md5>`, independent of
 * the order of rows and columns. Equal after faults and after a quiet rebuild from the lake; that is what makes it an oracle.
 */
export async function warehouseDigest(warehouse: Warehouse): Promise<Readonly<Record<string, string>>> {
  const columns = await warehouse.query<{ schema: string; relation: string; column: string }>(
    `SELECT n.nspname AS schema, c.relname AS relation, a.attname AS column
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     WHERE c.relkind = 'r' AND n.nspname IN ('raw', 'history', 'analytics') ORDER BY n.nspname, c.relname, a.attname`,
  );
  const tables = new Map<string, string[]>();
  for (const { schema, relation, column } of columns) {
    if (PASSED_OVER.has(column)) continue;
    const name = `${quoteIdentifier(schema)}.${quoteIdentifier(relation)}`;
    tables.set(name, [...(tables.get(name) ?? []), column]);
  }
  const digests: Record<string, string> = {};
  for (const [name, names] of tables) digests[name.replaceAll('"', '')] = await digestOf(warehouse, name, names);
  digests['ops.quarantine'] = await digestOf(warehouse, 'ops.quarantine', ['dataset', 'position', 'reason']);
  return digests;
}

async function digestOf(warehouse: Warehouse, table: string, columns: readonly string[]): Promise<string> {
  // A column that is NULL everywhere says nothing: it may stand in one database and not in the other.
  const parts = columns.map(
    (name) =>
      `CASE WHEN t.${quoteIdentifier(name)} IS NULL THEN '' ELSE ${quoteLiteral(`${name}=`)} || quote_literal(t.${quoteIdentifier(name)}::text) END`,
  );
  const [row] = await warehouse.query<{ digest: string }>(
    `SELECT count(*) || ':' || coalesce(md5(string_agg(line, '' ORDER BY line COLLATE "C")), '') AS digest
     FROM (SELECT md5(array_to_string(ARRAY[${parts.join(', ')}], '|')) AS line FROM ${table} t) lines`,
  );
  return row?.digest ?? '';
}
