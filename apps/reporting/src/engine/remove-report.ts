import { RollcallError } from '@rollcall/kernel';
import { transaction, type Session, type Warehouse } from '@rollcall/warehouse';
import type { ReportingEvents } from '../events.js';
import type { Served } from './ops-report.js';
import type { Folder } from './report-folder.js';
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

export interface Removal {
  readonly warehouse: Warehouse;
  readonly events: ReportingEvents;
  readonly served: readonly Served[];
  readonly folder: Folder;
}

/**
 * Removes what is served and has no folder any more; returns the names. Kept, and told, is what others read. A folder without any report at all is
 * more likely a missing mount than a wish: then nothing goes.
 */
export async function removeGone({ warehouse, events, served, folder }: Removal): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const { report } of served.filter((one) => !folder.names.has(one.report.name)).toReversed()) {
    const kept = await reasonToKeep(warehouse, report.name, served, folder);
    if (kept !== undefined) {
      events.kept(report.name, kept);
      continue;
    }
    removed.push(report.name);
    events.removed(report.name);
  }
  return removed;
}

/** Removes it; or says what is in the way. */
async function reasonToKeep(
  warehouse: Warehouse,
  name: string,
  served: readonly Served[],
  folder: Folder,
): Promise<string | undefined> {
  if (folder.names.size === 0) return 'there is no report in the folder at all';
  const above = served.filter((one) => folder.names.has(one.report.name) && one.reportsUnder.includes(name));
  if (above.length > 0) return `${above.map((one) => one.report.name).join(', ')} stands on it`;
  try {
    await warehouse.session((session) => removeReport(session, name));
    return undefined;
  } catch (error) {
    if (error instanceof RollcallError) return error.message;
    throw error;
  }
}
