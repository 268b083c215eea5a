import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import type { CatalogType } from './resolve-type.js';

/** The rows of pg_type for these types and for all they are made of, by OID. */
export async function readTypes(
  client: pg.ClientBase,
  oids: readonly number[],
): Promise<ReadonlyMap<number, CatalogType>> {
  const { rows } = await askSource(client.query<{ oid: number; type: CatalogType }>(TYPES, [[...new Set(oids)]]));
  return new Map(rows.map(({ oid, type }) => [oid, type]));
}

const TYPES = `
WITH RECURSIVE reached (oid) AS (
  SELECT o::oid FROM unnest($1::int8[]) AS o
  UNION
  SELECT part.oid FROM reached
  JOIN pg_catalog.pg_type t ON t.oid = reached.oid
  LEFT JOIN pg_catalog.pg_range g ON g.rngtypid = t.oid OR g.rngmultitypid = t.oid
  LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
  CROSS JOIN LATERAL (VALUES (t.typelem), (t.typbasetype), (g.rngsubtype), (g.rngtypid), (a.atttypid)) part (oid)
  WHERE part.oid <> 0
)
SELECT t.oid, pg_catalog.json_build_object(
  'schema', n.nspname, 'name', t.typname, 'form', t.typtype, 'delimiter', t.typdelim,
  'shadowed', n.nspname <> 'pg_catalog' AND EXISTS (
    SELECT FROM pg_catalog.pg_type b WHERE b.typname = t.typname AND b.typnamespace = 'pg_catalog'::regnamespace),
  'array', coalesce((SELECT e.typarray = t.oid FROM pg_catalog.pg_type e WHERE e.oid = t.typelem), false),
  'element', t.typelem::int8, 'elementDelimiter', (SELECT e.typdelim FROM pg_catalog.pg_type e WHERE e.oid = t.typelem),
  'base', t.typbasetype::int8, 'baseModifier', t.typtypmod,
  'baseFormatted', CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END,
  'subtype', (SELECT g.rngsubtype::int8 FROM pg_catalog.pg_range g WHERE t.oid IN (g.rngtypid, g.rngmultitypid)),
  'fields', (
    SELECT json_agg(json_build_object('name', a.attname, 'type', a.atttypid::int8, 'modifier', a.atttypmod,
      'formatted', pg_catalog.format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum)
    FROM pg_catalog.pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
) AS type
FROM reached JOIN pg_catalog.pg_type t ON t.oid = reached.oid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace`;
