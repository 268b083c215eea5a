import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import type { SourceTable } from './source-table.js';
import { formatTableName } from './table-name.js';

export interface ListedTable {
  /** As a catalog file names it, and `describeTable` takes it. */
  readonly name: string;
  readonly schema: string;
  readonly table: string;
  readonly kind: SourceTable['kind'];
  /** -1: never analysed. */
  readonly estimatedRows: number;
  /** Whether the connected role may SELECT from it, and reach its schema. */
  readonly readable: boolean;
}

/** All tables and views of the database that are somebody's: no catalogs, no temporary ones, no partitions (their parents stand for them). */
export async function listTables(client: pg.ClientBase): Promise<readonly ListedTable[]> {
  const { rows } = await askSource(client.query<Omit<ListedTable, 'name'>>(LIST));
  return rows.map((row) => ({ name: formatTableName({ schema: row.schema, name: row.table }), ...row }));
}

const LIST = `
SELECT n.nspname AS schema, c.relname AS "table", c.reltuples::float8 AS "estimatedRows",
  CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized-view' ELSE 'foreign' END AS kind,
  pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT') AS readable
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT c.relispartition AND c.relpersistence <> 't'
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname !~ '^pg_(toast|temp)'
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY n.nspname, c.relname`;
