import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { scramVerifier } from './scram-verifier.js';

/** What the extractor may do in a source, and nothing else. */
export const EXTRACT_ROLE = 'rollcall_extract';

export interface Extraction {
  /** Password of the role. Absent: the role must be there, or be given one by somebody else. */
  readonly password?: string | undefined;
  readonly schema: string;
  readonly tables: readonly string[];
  /** Name of the publication over these tables; absent: none (watermark capture needs none). */
  readonly publication?: string;
}

/** One lock for all who make the role: roles are the server's, not the database's. */
const LOCK = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))';

/**
 * Makes the role of the extractor (LOGIN, REPLICATION), lets it read the tables, and publishes them. Idempotent; inside the caller's
 * transaction. Only the owner of a table may publish it: hence whoever sets up the source does, and the extractor makes its slot alone.
 */
export async function grantExtraction(client: pg.ClientBase, extraction: Extraction): Promise<void> {
  await client.query(LOCK, [EXTRACT_ROLE]);
  for (const sql of await missingSql(client, extraction)) await client.query(sql);
}

async function missingSql(client: pg.ClientBase, extraction: Extraction): Promise<readonly string[]> {
  const { password, publication } = extraction;
  const schema = pg.escapeIdentifier(extraction.schema);
  const tables = extraction.tables.map((table) => `${schema}.${pg.escapeIdentifier(table)}`).join(', ');
  const role = pg.escapeIdentifier(EXTRACT_ROLE);
  const hasRole = await there(client, 'SELECT FROM pg_roles WHERE rolname = $1', EXTRACT_ROLE);
  const sql = [
    ...(hasRole ? [] : [`CREATE ROLE ${role} LOGIN REPLICATION`]),
    ...(password === undefined
      ? []
      : [`ALTER ROLE ${role} PASSWORD ${pg.escapeLiteral(scramVerifier(password, randomBytes(16)))}`]),
    `GRANT USAGE ON SCHEMA ${schema} TO ${role}`,
    `GRANT SELECT ON ${tables} TO ${role}`,
  ];
  if (publication === undefined) return sql;
  if (await there(client, 'SELECT FROM pg_publication WHERE pubname = $1', publication)) return sql;
  const options = `WITH (publish_via_partition_root = true)`;
  return [...sql, `CREATE PUBLICATION ${pg.escapeIdentifier(publication)} FOR TABLE ${tables} ${options}`];
}

async function there(client: pg.ClientBase, sql: string, name: string): Promise<boolean> {
  return (await client.query(sql, [name])).rowCount !== 0;
}
