import { RollcallError } from '@rollcall/kernel';
import { transaction, type Session } from '@rollcall/warehouse';
import { lockKeyOf } from './report-lock.js';
import { storeOf, viewOf } from './report-sql.js';

const STANDING_ON = `
SELECT DISTINCT n.nspname || '.' || c.relname AS name
FROM pg_depend dep JOIN pg_rewrite rule ON rule.oid = dep.objid JOIN pg_class c ON c.oid = rule.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE dep.classid = 'pg_rewrite'::regclass AND dep.refclassid = 'pg_class'::regclass AND dep.refobjid = to_regclass($1) AND c.oid <> dep.refobjid
ORDER BY 1`;

/** Takes a report away: its view, its table, its row. Throws warehouse/custom-view, and nothing has changed, where another view reads it. */
export async function removeReport(session: Session, name: string): Promise<void> {
  await transaction(session, async () => {
    await session.run('SELECT pg_advisory_xact_lock($1, $2)', lockKeyOf(name));
    const above = await session.rows<{ name: string }>(STANDING_ON, [viewOf(name)]);
    if (above.length > 0) {
      throw new RollcallError(
        'warehouse/custom-view',
        `report ${name} has no folder any more and is kept: ${above.map((view) => view.name).join(', ')} reads report.${name}`,
      );
    }
    await session.run(`DROP VIEW IF EXISTS ${viewOf(name)}`);
    await session.run(`DROP TABLE IF EXISTS ${storeOf(name)}`);
    await session.run('DELETE FROM ops.report WHERE report = $1', [name]);
  });
}
