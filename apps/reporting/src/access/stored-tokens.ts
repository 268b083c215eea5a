import type { Scope } from '@rollcall/reports/shown';
import type { Ops } from '@rollcall/warehouse';
import type { StoredToken, TokenStore } from './token-store.js';

type KeptToken = NonNullable<Awaited<ReturnType<Ops['tokenByHash']>>>;

/** Tokens as `ops.token` has them. */
export function storedTokens(ops: Pick<Ops, 'tokenByHash' | 'tokenById' | 'touchToken'>): TokenStore {
  return {
    byHash: async (hash) => asStored(await ops.tokenByHash(hash)),
    byId: async (id) => asStored(await ops.tokenById(id)),
    touch: (id) => ops.touchToken(id),
  };
}

function asStored(token: KeptToken | undefined): StoredToken | undefined {
  if (!token) return undefined;
  const { id, name, hash, scopes, expiresAt, revokedAt } = token;
  return {
    id,
    name,
    hash,
    scopes: scopes.filter(isScope),
    expiresAtMs: expiresAt === null ? undefined : Date.parse(expiresAt),
    revoked: revokedAt !== null,
  };
}

/** A scope of a newer release opens nothing here. */
function isScope(text: string): text is Scope {
  return text === 'reports' || text === 'records';
}
