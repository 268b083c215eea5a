import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { StoredToken } from './token-store.js';

/**
 * What the cookie of somebody who signed in holds: the token's id and an end, signed under a key made of the stored hash. So it needs no
 * memory on the server and works with every replica; it ends with its token; and it cannot be turned back into the token.
 * Whoever can read `ops.token` could sign for a token that stands there, and could read every report as well.
 */
export function signSession(token: StoredToken, endsAtMs: number): string {
  const claim = `1.${token.id}.${endsAtMs.toString(36)}`;
  return `${claim}.${signature(claim, token)}`;
}

/** A claim that nobody has proved yet. */
export interface SessionClaim {
  readonly tokenId: string;
  readonly endsAtMs: number;
  readonly claim: string;
  readonly signature: string;
}

const VALUE = /^(1\.([A-Za-z0-9_-]{1,64})\.([0-9a-z]{1,11}))\.([A-Za-z0-9_-]{43})$/;

export function readSession(value: string): SessionClaim | undefined {
  const match = VALUE.exec(value);
  if (!match) return undefined;
  const [, claim = '', tokenId = '', ends = '', signature = ''] = match;
  return { claim, tokenId, endsAtMs: Number.parseInt(ends, 36), signature };
}

export function provesSession(session: SessionClaim, token: StoredToken, nowMs: number): boolean {
  const given = Buffer.from(session.signature, 'base64url');
  const right = Buffer.from(signature(session.claim, token), 'base64url');
  return nowMs < session.endsAtMs && given.length === right.length && timingSafeEqual(given, right);
}

function signature(claim: string, token: StoredToken): string {
  const key = hkdfSync('sha256', Buffer.from(token.hash, 'hex'), Buffer.from(token.id), 'rollcall session 1', 32);
  return createHmac('sha256', Buffer.from(key)).update(claim).digest('base64url');
}
