import { RollcallError, sha256Hex } from '@rollcall/kernel';
import { openWarehouse, transaction, type Session, type Warehouse } from '../open-warehouse.js';
import { migrateOps } from '../ops/open-ops.js';
import { LEDGER_MIGRATIONS, SCHEMA_VERSION } from './ledger-migrations.js';
import { grantRoles } from './roles.js';

export interface MigrateResult {
  /** Names of the migrations that this call applied; empty when there was nothing to do. */
  readonly applied: readonly string[];
  readonly version: number;
  /** What could not be done and what to do about it, in sentences. */
  readonly notes: readonly string[];
}

const MIGRATE_LOCK = 0x726f6c6c;

const BOOKKEEPING = `
CREATE SCHEMA IF NOT EXISTS ops;
CREATE TABLE IF NOT EXISTS ops.schema_version (
  version integer PRIMARY KEY,
  name text NOT NULL,
  sha256 text NOT NULL,
  min_safe_version integer NOT NULL,
  applied_at timestamptz NOT NULL DEFAULT clock_timestamp()
)`;

/**
 * Brings the warehouse and `ops` to this release, under an advisory lock. Running it again does nothing.
 * Throws warehouse/schema-newer when a newer release was here and does not allow this one.
 */
export async function migrate(urls: {
  readonly warehouseUrl: string;
  readonly opsUrl?: string;
}): Promise<MigrateResult> {
  await using warehouse = openWarehouse(urls.warehouseUrl, { applicationName: 'rollcall migrate', maxConnections: 1 });
  // Awaited here: the warehouse may only close behind it.
  return await warehouse.session(async (session) => {
    await session.run('SELECT pg_advisory_lock($1)', [MIGRATE_LOCK]);
    try {
      const ledger = await migrateLedger(session);
      const app = await migrateOps(urls.opsUrl ?? urls.warehouseUrl);
      const notes = await grantRoles(session);
      return { applied: [...ledger, ...app], version: SCHEMA_VERSION, notes };
    } finally {
      await session.run('SELECT pg_advisory_unlock($1)', [MIGRATE_LOCK]).catch(() => undefined);
    }
  });
}

/** Throws warehouse/schema-behind when migrations are missing, warehouse/schema-newer when a newer schema forbids this release. */
export async function checkSchema(warehouse: Warehouse): Promise<void> {
  const [made] = await warehouse.query<{ made: boolean }>(
    `SELECT to_regclass('ops.schema_version') IS NOT NULL AS made`,
  );
  const versions = made?.made === true ? await warehouse.query<VersionRow>(VERSIONS) : [];
  judge(versions);
  const newest = versions.at(-1)?.version ?? 0;
  if (newest < SCHEMA_VERSION) {
    throw new RollcallError(
      'warehouse/schema-behind',
      `warehouse: schema version is ${newest}, this release needs ${SCHEMA_VERSION}`,
    );
  }
}

interface VersionRow {
  readonly version: number;
  readonly sha256: string;
  readonly min_safe_version: number;
}

const VERSIONS = 'SELECT version, sha256, min_safe_version FROM ops.schema_version ORDER BY version';

function judge(versions: readonly VersionRow[]): void {
  const newest = versions.at(-1);
  if (newest !== undefined && newest.min_safe_version > SCHEMA_VERSION) {
    throw new RollcallError(
      'warehouse/schema-newer',
      `warehouse: schema version ${newest.version} needs code of version ${newest.min_safe_version}, this release has ${SCHEMA_VERSION}`,
    );
  }
}

async function migrateLedger(session: Session): Promise<readonly string[]> {
  await session.run(BOOKKEEPING);
  const versions = await session.rows<VersionRow>(VERSIONS);
  judge(versions);
  const applied: string[] = [];
  for (const { version, name, sql, minSafeVersion } of LEDGER_MIGRATIONS) {
    if (versions.some((row) => row.version === version)) continue;
    await transaction(session, async () => {
      await session.client.query(sql);
      await session.run(
        'INSERT INTO ops.schema_version (version, name, sha256, min_safe_version) VALUES ($1, $2, $3, $4)',
        [version, name, sha256Hex(sql), minSafeVersion],
      );
    });
    applied.push(name);
  }
  return applied;
}
