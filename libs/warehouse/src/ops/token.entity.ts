import { EntitySchema } from 'typeorm';

/** A token that opens the reporting API. The token itself stands nowhere. Instants are ISO 8601 in UTC. */
export interface Token {
  readonly id: string;
  /** Whose it is, or what for. Not unique. */
  readonly name: string;
  /** sha256 of the token, 64 hex digits. */
  readonly hash: string;
  readonly scopes: readonly string[];
  readonly createdAt: string;
  readonly createdBy: string;
  /** null: never. */
  readonly expiresAt: string | null;
  /** To the minute. */
  readonly lastUsedAt: string | null;
  readonly revokedAt: string | null;
}

export const TokenEntity = new EntitySchema<Token>({
  name: 'Token',
  schema: 'ops',
  tableName: 'token',
  columns: {
    id: { type: 'bigint', primary: true, generated: 'increment' },
    name: { type: 'text' },
    hash: { type: 'text', unique: true },
    scopes: { type: 'text', array: true },
    createdAt: { name: 'created_at', type: 'timestamptz', default: () => 'clock_timestamp()' },
    createdBy: { name: 'created_by', type: 'text' },
    expiresAt: { name: 'expires_at', type: 'timestamptz', nullable: true },
    lastUsedAt: { name: 'last_used_at', type: 'timestamptz', nullable: true },
    revokedAt: { name: 'revoked_at', type: 'timestamptz', nullable: true },
  },
});
