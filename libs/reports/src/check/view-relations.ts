import type { Session } from '@rollcall/warehouse';

/** Something that a view reads. */
export interface ReadRelation {
  readonly schema: string;
  readonly name: string;
  /** By the view itself, not through a view of people's own. */
  readonly direct: boolean;
}

/** Looks through views of people's own (schema custom), and through nothing else. Temporary views here are reports. */
const RELATIONS = `
WITH RECURSIVE stands (oid, depth) AS (
  SELECT to_regclass($1)::oid, 0
  UNION
  SELECT dep.refobjid, stands.depth + 1
  FROM stands
  JOIN pg_class above ON above.oid = stands.oid
  JOIN pg_rewrite rule ON rule.ev_class = stands.oid
  JOIN pg_depend dep ON dep.classid = 'pg_rewrite'::regclass AND dep.objid = rule.oid AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid <> stands.oid
  WHERE stands.depth = 0 OR above.relnamespace = to_regnamespace('custom')
)
SELECT CASE WHEN n.oid = pg_my_temp_schema() THEN 'report' ELSE n.nspname END AS schema, c.relname AS name, min(stands.depth) = 1 AS direct
FROM stands JOIN pg_class c ON c.oid = stands.oid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE stands.depth > 0
GROUP BY 1, 2
ORDER BY 1, 2`;

/** What a view reads, by the server's own books. `view`: its quoted name. */
export async function readRelations(session: Session, view: string): Promise<readonly ReadRelation[]> {
  return session.rows<ReadRelation>(RELATIONS, [view]);
}

const COLUMNS = `
SELECT attname AS name, format_type(atttypid, atttypmod) AS type
FROM pg_attribute WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped ORDER BY attnum`;

export async function readViewColumns(
  session: Session,
  view: string,
): Promise<readonly { readonly name: string; readonly type: string }[]> {
  return session.rows(COLUMNS, [view]);
}
