import type { Scope } from '@rollcall/reports/shown';

/** A token as it is kept: never the token itself. */
export interface StoredToken {
  readonly id: string;
  readonly name: string;
  /** sha256 in hex. */
  readonly hash: string;
  readonly scopes: readonly Scope[];
  /** undefined: until it is revoked. */
  readonly expiresAtMs: number | undefined;
  readonly revoked: boolean;
}

/** Where tokens are kept. Both look-ups also find tokens that may not be used any more. */
export interface TokenStore {
  byHash(hash: string): Promise<StoredToken | undefined>;
  byId(id: string): Promise<StoredToken | undefined>;
  /** Notes that a token was used. */
  touch(id: string): Promise<void>;
}

export function isUsable(token: StoredToken, nowMs: number): boolean {
  return !token.revoked && (token.expiresAtMs === undefined || nowMs < token.expiresAtMs);
}
