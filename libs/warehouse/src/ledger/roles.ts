import { sqlState } from '../classify-warehouse-error.js';
import type { Session } from '../open-warehouse.js';

/** What each role may read. Roles cannot log in: people and tools get them granted. */
const READS: readonly { readonly role: string; readonly schemas: readonly string[] }[] = [
  { role: 'bi_reader', schemas: ['report'] },
  { role: 'analyst', schemas: ['report', 'analytics', 'history'] },
];

/** Two databases of one server may be migrated at once. */
const ROLE = (role: string): string => `
DO $$ BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${role}') THEN CREATE ROLE ${role} NOLOGIN; END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$`;

/** Makes the roles and their grants, also for what will be created later. Returns sentences about what was not possible. */
export async function grantRoles(session: Session): Promise<readonly string[]> {
  const notes: string[] = [];
  for (const { role, schemas } of READS) {
    const made = await attempt(session, ROLE(role));
    if (!made) {
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
  }
  return notes;
}

async function attempt(session: Session, sql: string): Promise<boolean> {
  try {
    await session.run(sql);
    return true;
  } catch (error) {
    if (sqlState(error) === '42501') return false;
    throw error;
  }
}
