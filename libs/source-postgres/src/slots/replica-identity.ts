import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import { qualifiedSource } from '../tables/quote-source-identifier.js';
import type { TableName } from '../tables/table-name.js';

/**
 * Those of the tables, and of the partitions below them, that have no replica identity: once published, their UPDATEs and DELETEs
 * fail. Partitions stand for their parent, which has no rows.
 */
export async function withoutIdentity(
  client: pg.ClientBase,
  tables: readonly TableName[],
): Promise<readonly TableName[]> {
  const names = tables.map((table) => qualifiedSource(table.schema, table.name));
  return (await askSource(client.query<TableName>(WITHOUT, [names]))).rows;
}

/** What gives a table one. */
export function identitySql(table: TableName): string {
  return `ALTER TABLE ${qualifiedSource(table.schema, table.name)} REPLICA IDENTITY FULL`;
}

const WITHOUT = `
SELECT DISTINCT n.nspname AS schema, c.relname AS name
FROM unnest($1::text[]) AS wanted (name)
CROSS JOIN LATERAL (
  SELECT pg_catalog.to_regclass(wanted.name)::oid
  UNION SELECT t.relid FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(wanted.name)) t
) which (oid)
JOIN pg_catalog.pg_class c ON c.oid = which.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND CASE c.relreplident
  WHEN 'd' THEN NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND i.indisvalid)
  WHEN 'i' THEN NOT EXISTS (SELECT FROM pg_catalog.pg_index i WHERE i.indrelid = c.oid AND i.indisreplident AND i.indisvalid)
  ELSE c.relreplident = 'n' END
ORDER BY 1, 2`;
