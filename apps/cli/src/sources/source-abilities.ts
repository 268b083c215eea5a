import { askSource, type connectSource } from '@rollcall/source-postgres';
import type { SourceAbilities } from './choose-capture.js';

const ABILITIES = `
SELECT pg_catalog.current_setting('wal_level') AS level, r.rolreplication OR r.rolsuper AS replicates, r.rolname AS role
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user`;

/** Whether log capture is within reach: a setting of the server, an attribute of the role. */
export async function abilitiesOf(client: Awaited<ReturnType<typeof connectSource>>): Promise<SourceAbilities> {
  const { rows } = await askSource(client.query<{ level: string; replicates: boolean; role: string }>(ABILITIES));
  const [row] = rows;
  if (row?.level !== 'logical')
    return { canReplicate: false, whyNot: `wal_level is ${row?.level ?? 'unknown'}, not logical` };
  return { canReplicate: row.replicates, whyNot: `role ${row.role} has no REPLICATION` };
}
