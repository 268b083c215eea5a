import { hash, timingSafeEqual } from 'node:crypto';

/** `rollcall_` and 256 random bits in base64url. */
const TOKEN = /^rollcall_[A-Za-z0-9_-]{43}$/;

/** What stands in the store for a token, as 64 hex digits; undefined: the text is no token, so nobody need ask the store. */
export function tokenHash(token: string): string | undefined {
  return TOKEN.test(token) ? hash('sha256', token, 'hex') : undefined;
}

/** Takes the same time wherever the two differ. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a, 'hex');
  const right = Buffer.from(b, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}

/** The token of an `Authorization` header. */
export function bearerToken(authorization: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
}
