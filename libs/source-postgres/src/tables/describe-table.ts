import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import { qualifiedSource } from './quote-source-identifier.js';
import { readTypes } from './read-types.js';
import { resolveType } from './resolve-type.js';
import type { SourceColumn, SourceTable } from './source-table.js';
import { parseTableName } from './table-name.js';

/**
 * What the source's catalogs say of a table: `users`, `public.users`, `"My schema"."Users"`. Undefined: there is none of that name.
 * Needs no privilege on the table. Three statements; run them in a snapshot where the table may change meanwhile.
 * @throws RollcallError source/unavailable, source/denied
 */
export async function describeTable(client: pg.ClientBase, name: string): Promise<SourceTable | undefined> {
  const wanted = parseTableName(name);
  if (wanted === undefined) return undefined;
  const [relation] = (await askSource(client.query<RelationRow>(RELATION, [wanted.schema, wanted.name]))).rows;
  if (relation === undefined) return undefined;
  const columns = await readColumns(client, relation.oid);
  return {
    schema: relation.schema,
    name: relation.name,
    oid: relation.oid,
    kind: KINDS[relation.kind] ?? 'table',
    columns,
    primaryKey: relation.primary_key,
    replicaIdentity: IDENTITIES[relation.identity] ?? 'nothing',
    identityColumns: identityColumns(relation, columns),
    estimatedRows: Number(relation.rows),
    blocks: relation.leaves.reduce((sum, leaf) => sum + leaf.blocks, 0),
    leaves: relation.leaves.map((leaf) => ({ sql: leafSql(leaf), oid: leaf.oid, blocks: leaf.blocks })),
    ...(relation.foreign_leaves.length === 0
      ? {}
      : { foreignPartitions: relation.foreign_leaves.map((leaf) => qualifiedSource(leaf.schema, leaf.name)) }),
  };
}

interface LeafRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly blocks: number;
  /** Other tables INHERIT from it: they are tables of their own, as the log sees them. */
  readonly parent: boolean;
}

interface RelationRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly identity: string;
  readonly rows: string;
  readonly primary_key: readonly string[];
  readonly identity_index: readonly string[];
  readonly leaves: readonly LeafRow[];
  readonly foreign_leaves: readonly LeafRow[];
}

const KINDS: Readonly<Record<string, SourceTable['kind']>> = {
  r: 'table',
  p: 'partitioned',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign',
};

const IDENTITIES: Readonly<Record<string, SourceTable['replicaIdentity']>> = {
  d: 'default',
  n: 'nothing',
  f: 'full',
  i: 'index',
};

function identityColumns(relation: RelationRow, columns: readonly SourceColumn[]): readonly string[] {
  switch (relation.identity) {
    case 'd':
      return relation.primary_key;
    case 'i':
      return relation.identity_index;
    case 'f':
      return columns.map((column) => column.name);
    default:
      return [];
  }
}

function leafSql(leaf: LeafRow): string {
  return `${leaf.parent ? 'ONLY ' : ''}${qualifiedSource(leaf.schema, leaf.name)}`;
}

interface ColumnRow {
  readonly name: string;
  readonly number: number;
  readonly type: number;
  readonly modifier: number;
  readonly formatted: string;
  readonly not_null: boolean;
  readonly generated: boolean;
  readonly default_text: string | null;
}

async function readColumns(client: pg.ClientBase, table: number): Promise<readonly SourceColumn[]> {
  const { rows } = await askSource(client.query<ColumnRow>(COLUMNS, [table]));
  const types = await readTypes(
    client,
    rows.map((row) => row.type),
  );
  return rows.map((row) => ({
    name: row.name,
    number: row.number,
    type: resolveType(types, row.type, row.modifier, row.formatted),
    notNull: row.not_null,
    generated: row.generated,
    defaultText: row.default_text,
  }));
}

const INDEX_COLUMNS = `ARRAY(
    SELECT a.attname::text FROM unnest(i.indkey::int2[]) WITH ORDINALITY AS k (number, place)
    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
    WHERE k.place <= i.indnkeyatts ORDER BY k.place)`;

/** `reltuples` of a partitioned table is that of its last ANALYZE; before one it is the sum over the leaves. */
const RELATION = `
WITH relation AS (
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.relreplident, c.reltuples
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
), leaf AS (
  SELECT l.oid, n.nspname, l.relname, l.relkind, l.reltuples, l.relkind = 'r' AND l.relhassubclass AS parent,
    coalesce(pg_catalog.pg_relation_size(l.oid), 0) / pg_catalog.current_setting('block_size')::int8 AS blocks
  FROM relation r
  CROSS JOIN LATERAL (
    SELECT r.oid WHERE r.relkind <> 'p'
    UNION ALL SELECT t.relid FROM pg_catalog.pg_partition_tree(r.oid) t WHERE r.relkind = 'p' AND t.isleaf AND t.relid <> r.oid
  ) which (oid)
  JOIN pg_catalog.pg_class l ON l.oid = which.oid JOIN pg_catalog.pg_namespace n ON n.oid = l.relnamespace
), shown AS (
  SELECT relkind, relkind = 'f' AND (SELECT relkind FROM relation) = 'p' AS foreign_leaf, pg_catalog.json_build_object(
    'oid', oid::int8, 'schema', nspname, 'name', relname, 'blocks', blocks, 'parent', parent) AS leaf, nspname, relname
  FROM leaf WHERE relkind <> 'p'
)
SELECT r.oid, r.nspname AS schema, r.relname AS name, r.relkind AS kind, r.relreplident AS identity,
  CASE WHEN r.reltuples < 0 AND r.relkind = 'p' AND EXISTS (SELECT FROM leaf WHERE reltuples >= 0)
    THEN (SELECT sum(reltuples) FROM leaf WHERE reltuples >= 0) ELSE r.reltuples END::float8 AS rows,
  coalesce((SELECT ${INDEX_COLUMNS} FROM pg_catalog.pg_index i WHERE i.indrelid = r.oid AND i.indisprimary), '{}') AS primary_key,
  coalesce((SELECT ${INDEX_COLUMNS} FROM pg_catalog.pg_index i WHERE i.indrelid = r.oid AND i.indisreplident), '{}') AS identity_index,
  coalesce((SELECT json_agg(leaf ORDER BY nspname, relname) FROM shown WHERE NOT foreign_leaf), '[]') AS leaves,
  coalesce((SELECT json_agg(leaf ORDER BY nspname, relname) FROM shown WHERE foreign_leaf), '[]') AS foreign_leaves
FROM relation r`;

const COLUMNS = `
SELECT a.attname AS name, a.attnum AS number, a.atttypid AS type, a.atttypmod AS modifier,
  pg_catalog.format_type(a.atttypid, a.atttypmod) AS formatted, a.attnotnull AS not_null, a.attgenerated <> '' AS generated,
  CASE WHEN a.attgenerated = '' THEN pg_catalog.pg_get_expr(d.adbin, d.adrelid) END AS default_text
FROM pg_catalog.pg_attribute a LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum`;
