import { RollcallError } from '@rollcall/kernel';
import { checkSchema, openOps, type Warehouse } from '@rollcall/warehouse';
import { openForReading } from '../edges/warehouse-facts.js';
import { withoutSecrets, type CliSettings } from '../settings/cli-settings.js';
import { examine, type Finding } from './finding.js';

const OLDEST_MAJOR = 14;

/** Whether the warehouse answers, is new enough, was migrated, and lets this user do what the loader does. */
export async function examineWarehouse(settings: CliSettings): Promise<readonly Finding[]> {
  const { WAREHOUSE_URL, OPS_URL } = settings;
  if (WAREHOUSE_URL === undefined) return [];
  await using warehouse = openForReading(WAREHOUSE_URL);
  const reached = await examine('warehouse', 'connection', () => version(warehouse));
  const ops = OPS_URL === undefined ? [] : [await examine('ops', 'connection', () => reachOps(OPS_URL))];
  if (!reached.ok) return [reached, ...ops];
  const schema = await examine('warehouse', 'schema', async () => {
    await checkSchema(warehouse);
    return 'migrated to this release';
  });
  return [
    reached,
    schema,
    await examine('warehouse', 'privileges', () => privileges(warehouse)),
    // The roles come with the migration: one fault is said once.
    ...(schema.ok ? [await examine('warehouse', 'roles', () => roles(warehouse))] : []),
    ...ops,
  ];
}

async function version(warehouse: Warehouse): Promise<string> {
  const [row] = await warehouse.query<{ major: string; version: string; user: string; zone: string }>(
    `SELECT current_setting('server_version_num')::int / 10000 AS major, current_setting('server_version') AS version,
            current_user AS "user", current_setting('TimeZone') AS zone`,
  );
  if (Number(row?.major) < OLDEST_MAJOR) {
    throw new RollcallError(
      'config/invalid',
      `PostgreSQL ${row?.version ?? '?'} is too old: ${OLDEST_MAJOR} or newer is needed`,
    );
  }
  return `PostgreSQL ${row?.version ?? '?'} as ${row?.user ?? '?'}, time zone ${row?.zone ?? '?'}`;
}

interface PrivilegeRow {
  readonly missing: string;
}

/** What the loader needs: to create in the schemas it fills and to write the ledger. Names what is missing as the GRANT that gives it. */
const MISSING = `
SELECT 'GRANT CREATE, USAGE ON SCHEMA ' || n.nspname || ' TO ' || quote_ident(current_user) AS missing
FROM pg_namespace n
WHERE n.nspname IN ('raw', 'history', 'analytics', 'report', 'ops')
  AND NOT has_schema_privilege(n.oid, 'CREATE, USAGE')
UNION ALL
SELECT 'GRANT SELECT, INSERT, UPDATE, DELETE ON ' || c.oid::regclass || ' TO ' || quote_ident(current_user)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'ops' AND c.relkind = 'r' AND NOT has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE')
UNION ALL
SELECT 'ALTER TABLE ' || c.oid::regclass || ' OWNER TO ' || quote_ident(current_user)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname IN ('raw', 'history') AND c.relkind = 'r' AND NOT pg_has_role(c.relowner, 'USAGE')`;

async function privileges(warehouse: Warehouse): Promise<string> {
  const rows = await warehouse.query<PrivilegeRow>(MISSING);
  if (rows.length > 0) {
    throw new RollcallError(
      'warehouse/denied',
      ['privileges are missing:', ...rows.map((row) => `${row.missing};`)].join('\n'),
    );
  }
  return 'may create and write what the loader needs';
}

interface RoleRow {
  readonly role: string;
  readonly there: boolean;
  /** May act as it. */
  readonly member: boolean;
  /** May read everything in schema report. */
  readonly reads: boolean;
  readonly me: string;
}

const ROLES = `
SELECT r.role, p.oid IS NOT NULL AS there, quote_ident(current_user) AS me,
       p.oid IS NOT NULL AND pg_has_role(current_user, p.oid, 'MEMBER') AS member,
       p.oid IS NOT NULL AND has_schema_privilege(p.oid, 'report', 'USAGE') AND NOT EXISTS (
         SELECT FROM pg_class c WHERE c.relnamespace = 'report'::regnamespace AND c.relkind IN ('r', 'v')
           AND NOT has_table_privilege(p.oid, c.oid, 'SELECT')) AS reads
FROM unnest(ARRAY['bi_reader', 'analyst']) AS r (role) LEFT JOIN pg_roles p ON p.rolname = r.role`;

/** The roles that BI tools and analysts get, and that the reporting service reads as. */
async function roles(warehouse: Warehouse): Promise<string> {
  const found = await warehouse.query<RoleRow>(ROLES);
  const faults = found.flatMap(({ role, there, member, reads, me }) => {
    if (!there) return [`CREATE ROLE ${role} NOLOGIN;`];
    return [
      ...(member ? [] : [`GRANT ${role} TO ${me};`]),
      ...(reads
        ? []
        : [`GRANT USAGE ON SCHEMA report TO ${role}; GRANT SELECT ON ALL TABLES IN SCHEMA report TO ${role};`]),
    ];
  });
  if (faults.length === 0) return 'bi_reader and analyst are there and read schema report';
  const sentence = 'roles are missing or lack rights; run this as an administrator, then `rollcall migrate`:';
  throw new RollcallError('warehouse/denied', [sentence, ...faults].join('\n'));
}

async function reachOps(url: string): Promise<string> {
  await using ops = await openOps(url);
  await ops.recentRuns(1);
  return `${withoutSecrets(url)} answers and is migrated`;
}
