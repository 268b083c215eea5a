import { setTimeout as delay } from 'node:timers/promises';
import { sqlState } from '../classify-warehouse-error.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';

interface ReadingRole {
  readonly role: string;
  readonly schemas: readonly string[];
  /** As `pg_db_role_setting` holds them. They bind who logs in as the role; a login that is only a member of it needs them itself. */
  readonly settings: readonly string[];
}

const LIMITS = [
  'default_transaction_read_only=on',
  'statement_timeout=60s',
  'idle_in_transaction_session_timeout=60s',
] as const;

/** What each role may read. They are made without a login: people and tools get them granted, or an administrator gives them one. */
const READS: readonly ReadingRole[] = [
  { role: 'bi_reader', schemas: ['report'], settings: [...LIMITS, 'search_path=report'] },
  {
    role: 'analyst',
    schemas: ['report', 'analytics', 'history'],
    settings: [...LIMITS, 'search_path=report, analytics, history'],
  },
];

/** Two databases of one server may be migrated at once. */
const ROLE = (role: string): string => `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`;

/**
 * Makes the roles, their grants (also for what will be created later) and their settings in this database, and lets the migrating user take
 * them, because the services read reports as `bi_reader`. Returns sentences about what was not possible.
 */
export async function grantRoles(session: Session): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const reading of READS) {
    const { role, schemas } = reading;
    if (!(await attempt(session, ROLE(role)))) {
      notes.push(
        `role ${role} was not made: this user may not create roles. Ask an administrator for "CREATE ROLE ${role} NOLOGIN", then migrate again.`,
      );
      continue;
    }
    for (const schema of schemas) {
      await session.run(`GRANT USAGE ON SCHEMA ${schema} TO ${role}`);
      await session.run(`GRANT SELECT ON ALL TABLES IN SCHEMA ${schema} TO ${role}`);
      await session.run(`ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT ON TABLES TO ${role}`);
    }
    notes.push(...(await limit(session, reading)), ...(await allowToTake(session, role)));
  }
  return notes;
}

async function limit(session: Session, { role, settings }: ReadingRole): Promise<readonly string[]> {
  const [standing] = await session.rows<{ database: string; settings: readonly string[] }>(
    `SELECT current_database() AS database, coalesce((
       SELECT setconfig FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase
       WHERE r.rolname = $1 AND d.datname = current_database()), '{}') AS settings`,
    [role],
  );
  if (standing === undefined) return [];
  const missing = settings.filter((setting) => !standing.settings.includes(setting));
  for (const setting of missing) {
    const [name = '', value = ''] = setting.split('=');
    const to = value.split(', ').map(quoteIdentifier).join(', ');
    const sql = `ALTER ROLE ${role} IN DATABASE ${quoteIdentifier(standing.database)} SET ${name} = ${to}`;
    if (await attempt(session, sql)) continue;
    return [
      `role ${role} has no limits of its own: this user may not alter it. Ask an administrator to set ${missing.join('; ')} for it in this database.`,
    ];
  }
  return [];
}

/** Since Postgres 16 who made a role may administer it, and not yet take it. */
async function allowToTake(session: Session, role: string): Promise<readonly string[]> {
  const [standing] = await session.rows<{ may: boolean; name: string }>(
    `SELECT pg_has_role(current_user, $1, CASE WHEN current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END) AS may,
            quote_ident(current_user) AS name`,
    [role],
  );
  if (standing === undefined || standing.may) return [];
  if (await attempt(session, `GRANT ${role} TO CURRENT_USER`)) return [];
  return [
    `this user may not act as ${role}, so the reporting service reads with all its rights instead. Ask an administrator for "GRANT ${role} TO ${standing.name}".`,
  ];
}

const TRIES = 8;

/** Roles belong to the whole server: another database that is migrated at the same time may be changing the same one. */
async function attempt(session: Session, sql: string): Promise<boolean> {
  for (let tries = 1; ; tries++) {
    try {
      await session.run(sql);
      return true;
    } catch (error) {
      if (sqlState(error) === '42501') return false;
      if (tries === TRIES || !isMetByAnother(error)) throw error;
      await delay(10 * tries * (1 + Math.random()));
    }
  }
}

function isMetByAnother(error: unknown): boolean {
  const state = sqlState(error);
  if (state === 'XX000') return error instanceof Error && error.message.includes('concurrently');
  return state === '40001' || state === '23505';
}
