import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import type { PublicationState, PublishedTable } from './plan-publication.js';

/** Undefined: there is none of that name. Needs no privilege. @throws RollcallError source/unavailable */
export async function readPublication(client: pg.ClientBase, name: string): Promise<PublicationState | undefined> {
  const { rows } = await askSource(client.query<{ publication: PublicationRow }>(PUBLICATION, [name]));
  const publication = rows[0]?.publication;
  if (publication === undefined) return undefined;
  const tables = await askSource(client.query<PublishedTable>(TABLES, [publication.oid]));
  return {
    allTables: publication.puballtables,
    insert: publication.pubinsert,
    update: publication.pubupdate,
    delete: publication.pubdelete,
    truncate: publication.pubtruncate,
    viaRoot: publication.pubviaroot,
    generatedStored: publication.pubgencols === 's',
    tables: tables.rows,
  };
}

/** As JSON: columns that a version does not have yet are just absent. */
interface PublicationRow {
  readonly oid: number;
  readonly puballtables: boolean;
  readonly pubinsert: boolean;
  readonly pubupdate: boolean;
  readonly pubdelete: boolean;
  readonly pubtruncate: boolean;
  readonly pubviaroot: boolean;
  readonly pubgencols?: string;
}

const PUBLICATION = `
SELECT pg_catalog.to_jsonb(p) || pg_catalog.jsonb_build_object('oid', p.oid::int8) AS publication
FROM pg_catalog.pg_publication p WHERE p.pubname = $1`;

/** pg_publication_namespace, prqual and prattrs are of 15. */
const TABLES = `
WITH RECURSIVE named (relid, qual, columns) AS (
  SELECT r.prrelid, pg_catalog.pg_get_expr(r.prqual, r.prrelid), CASE WHEN r.prattrs IS NOT NULL THEN ARRAY(
    SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs) ORDER BY a.attnum) END
  FROM pg_catalog.pg_publication_rel r WHERE r.prpubid = $1
  UNION ALL
  SELECT c.oid, NULL, NULL FROM pg_catalog.pg_publication_namespace n
  JOIN pg_catalog.pg_class c ON c.relnamespace = n.pnnspid WHERE n.pnpubid = $1 AND c.relkind IN ('r', 'p')
), covered (relid, qual, columns) AS (
  SELECT * FROM named
  UNION ALL
  SELECT i.inhrelid, v.qual, v.columns FROM covered v JOIN pg_catalog.pg_inherits i ON i.inhparent = v.relid
  JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid WHERE c.relispartition
)
SELECT DISTINCT ON (n.nspname, c.relname) n.nspname AS schema, c.relname AS name, v.qual AS "rowFilter", v.columns
FROM covered v JOIN pg_catalog.pg_class c ON c.oid = v.relid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
ORDER BY n.nspname, c.relname, v.qual NULLS FIRST`;
