import { RollcallError } from '@rollcall/kernel';
import { sqlState } from '../classify-warehouse-error.js';
import { qualified, quoteIdentifier, quoteLiteral } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';

/** Views here were generated and may be made again from their own definition. Anything else belongs to people. */
const OURS: ReadonlySet<string> = new Set(['analytics', 'history', 'report']);

interface Dependent {
  readonly schema: string;
  readonly name: string;
  readonly kind: string;
  readonly depth: number;
  readonly definition: string;
  readonly comment: string | null;
  readonly grants: readonly { readonly grantee: string; readonly privilege: string }[] | null;
  readonly comments: readonly { readonly column: string; readonly text: string }[] | null;
}

/** Everything that stands on a relation, at any depth, lowest first. */
const DEPENDENTS = `
WITH RECURSIVE standing (oid, depth) AS (
  SELECT $1::regclass::oid, 0
  UNION
  SELECT rule.ev_class, standing.depth + 1
  FROM standing
  JOIN pg_depend dep ON dep.refclassid = 'pg_class'::regclass AND dep.refobjid = standing.oid AND dep.classid = 'pg_rewrite'::regclass
  JOIN pg_rewrite rule ON rule.oid = dep.objid AND rule.ev_class <> standing.oid
)
SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, max(standing.depth) AS depth,
       pg_get_viewdef(c.oid) AS definition, obj_description(c.oid, 'pg_class') AS comment,
       (SELECT json_agg(json_build_object('grantee', CASE acl.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(acl.grantee)) END,
                                          'privilege', acl.privilege_type))
        FROM aclexplode(c.relacl) acl WHERE acl.grantee <> c.relowner) AS grants,
       (SELECT json_agg(json_build_object('column', a.attname, 'text', d.description))
        FROM pg_attribute a JOIN pg_description d ON d.objoid = c.oid AND d.classoid = 'pg_class'::regclass AND d.objsubid = a.attnum
        WHERE a.attrelid = c.oid AND a.attnum > 0) AS comments
FROM standing JOIN pg_class c ON c.oid = standing.oid JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE standing.depth > 0
GROUP BY n.nspname, c.relname, c.relkind, c.oid, c.relacl, c.relowner
ORDER BY max(standing.depth), n.nspname, c.relname`;

/**
 * Drops the generated views that stand on a relation, acts, and makes them again as they were, with their grants and comments.
 * A view of `report` that no longer can be made - what it read is gone - stays away: a report must not stop a load, and says itself what it lacks.
 * Inside the caller's transaction. Throws warehouse/custom-view, before anything changed, when something stands in the way that is not ours.
 */
export async function withoutDependents<T>(session: Session, relation: string, act: () => Promise<T>): Promise<T> {
  const dependents = await session.rows<Dependent>(DEPENDENTS, [relation]);
  const foreign = dependents.find((view) => !OURS.has(view.schema) || view.kind !== 'v');
  if (foreign !== undefined) {
    throw new RollcallError(
      'warehouse/custom-view',
      `warehouse: ${foreign.schema}.${foreign.name} stands on ${relation.replaceAll('"', '')}, which must change; nothing was changed`,
    );
  }
  for (const view of dependents.toReversed()) await session.run(`DROP VIEW ${qualified(view.schema, view.name)}`);
  const result = await act();
  for (const view of dependents) await restore(session, view);
  return result;
}

async function restore(session: Session, view: Dependent): Promise<void> {
  const name = qualified(view.schema, view.name);
  const standing = await session.rows<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  // The act may have made it anew already.
  if (standing[0]?.there === true) return;
  if (!(await made(session, view, name))) return;
  if (view.comment !== null) await session.run(`COMMENT ON VIEW ${name} IS ${quoteLiteral(view.comment)}`);
  for (const { column, text } of view.comments ?? []) {
    await session.run(`COMMENT ON COLUMN ${name}.${quoteIdentifier(column)} IS ${quoteLiteral(text)}`);
  }
  for (const { grantee, privilege } of view.grants ?? [])
    await session.run(`GRANT ${privilege} ON ${name} TO ${grantee}`);
}

async function made(session: Session, view: Dependent, name: string): Promise<boolean> {
  await session.run('SAVEPOINT restoring');
  try {
    await session.run(`CREATE VIEW ${name} AS ${view.definition}`);
    await session.run('RELEASE SAVEPOINT restoring');
    return true;
  } catch (error) {
    if (view.schema !== 'report' || !/^42/.test(sqlState(error) ?? '')) throw error;
    await session.run('ROLLBACK TO SAVEPOINT restoring');
    return false;
  }
}
