import type { DataSource } from 'typeorm';
import type { Token } from './token.entity.js';

export type NewToken = Pick<Token, 'name' | 'hash' | 'scopes' | 'createdBy'> & {
  /** ISO 8601; absent: it does not expire. */
  readonly expiresAt?: string | undefined;
};

const INSTANT = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

// TypeORM carries instants as Date, which would cut the microseconds: they are read as text.
const COLUMNS = `
id, name, hash, scopes, ${INSTANT('created_at')} AS "createdAt", created_by AS "createdBy", ${INSTANT('expires_at')} AS "expiresAt",
${INSTANT('last_used_at')} AS "lastUsedAt", ${INSTANT('revoked_at')} AS "revokedAt"`;

export async function createToken(source: DataSource, token: NewToken): Promise<Token> {
  const [made] = await source.query<Token[]>(
    `INSERT INTO ops.token (name, hash, scopes, created_by, expires_at) VALUES ($1, $2, $3, $4, $5) RETURNING ${COLUMNS}`,
    [token.name, token.hash, [...token.scopes], token.createdBy, token.expiresAt ?? null],
  );
  if (made === undefined) throw new Error('INSERT … RETURNING gave no row');
  return made;
}

export async function tokenByHash(source: DataSource, hash: string): Promise<Token | undefined> {
  const [found] = await source.query<Token[]>(`SELECT ${COLUMNS} FROM ops.token WHERE hash = $1`, [hash]);
  return found;
}

/** Session cookies name a token by its id. */
export async function tokenById(source: DataSource, id: string): Promise<Token | undefined> {
  if (!/^\d{1,18}$/.test(id)) return undefined;
  const [found] = await source.query<Token[]>(`SELECT ${COLUMNS} FROM ops.token WHERE id = $1`, [id]);
  return found;
}

export async function listTokens(source: DataSource): Promise<readonly Token[]> {
  return source.query<Token[]>(`SELECT ${COLUMNS} FROM ops.token ORDER BY ops.token.id DESC`);
}

export async function revokeToken(source: DataSource, id: string): Promise<boolean> {
  if (!/^\d{1,18}$/.test(id)) return false;
  const rows = await source.query<unknown[]>(
    `WITH revoked AS (UPDATE ops.token SET revoked_at = clock_timestamp() WHERE id = $1 AND revoked_at IS NULL RETURNING id) SELECT id FROM revoked`,
    [id],
  );
  return rows.length > 0;
}

/** Once a minute is enough: a write for every request would be a write for every read. */
export async function touchToken(source: DataSource, id: string): Promise<void> {
  await source.query(
    `UPDATE ops.token SET last_used_at = clock_timestamp()
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < clock_timestamp() - interval '1 minute')`,
    [id],
  );
}
