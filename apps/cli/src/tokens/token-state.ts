import type { Token } from '@rollcall/warehouse';

export type TokenState = 'usable' | 'expired' | 'revoked';

/** Whether a token still opens anything. */
export function tokenState(
  { expiresAt, revokedAt }: Pick<Token, 'expiresAt' | 'revokedAt'>,
  nowMs: number,
): TokenState {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && Date.parse(expiresAt) <= nowMs ? 'expired' : 'usable';
}
