import { RollcallError } from '@rollcall/kernel';
import type pg from 'pg';
import { askSource } from '../classify-source-error.js';
import { formatTableName } from '../tables/table-name.js';
import { planPublication, type PublishableTable } from './plan-publication.js';
import { readPublication } from './read-publication.js';
import { identitySql, withoutIdentity } from './replica-identity.js';

export interface WantedPublication {
  readonly publication: string;
  readonly tables: readonly PublishableTable[];
}

/**
 * Makes the publication, or adds to it what it lacks; idempotent. Gives the statements it ran. A table without replica identity
 * is refused before anything is changed: publishing it would make its UPDATEs fail.
 * @throws RollcallError source/unfit, source/denied (with the SQL for whoever may), source/unavailable
 */
export async function ensurePublication(client: pg.ClientBase, wanted: WantedPublication): Promise<readonly string[]> {
  const bare = await withoutIdentity(client, wanted.tables);
  if (bare.length > 0) {
    const names = bare.map(formatTableName).join(', ');
    const sql = bare.map((table) => `${identitySql(table)};`).join('\n');
    throw new RollcallError('source/unfit', `no replica identity, so publishing would break UPDATE: ${names}\n${sql}`);
  }
  const present = await readPublication(client, wanted.publication);
  const version = await askSource(
    client.query<{ version: number }>("SELECT pg_catalog.current_setting('server_version_num')::int4 AS version"),
  );
  const plan = planPublication(wanted.publication, present, wanted.tables, version.rows[0]?.version ?? 0);
  for (const statement of plan) {
    await askSource(client.query(statement)).catch((error: unknown) => {
      if (!(error instanceof RollcallError) || error.code !== 'source/denied') throw error;
      const sql = plan.map((each) => `${each};`).join('\n');
      throw new RollcallError('source/denied', `${error.message}. Its owner or a superuser runs:\n${sql}`, {
        cause: error,
      });
    });
  }
  return plan;
}
