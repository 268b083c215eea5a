import { hash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` header carries the token. Takes the same time wherever the two differ. */
export function hasToken(authorization: string | undefined, token: string): boolean {
  const given = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', token, 'buffer'));
}
