import { hash } from 'node:crypto';
import type { Encoding } from './accepts.js';

const SUFFIX = { br: '-br', gzip: '-gz', identity: '' } as const;

/** A strong ETag of everything that decides an answer. Known before the answer is made. Each content coding has its own, as its bytes differ. */
export function entityTag(parts: readonly string[], encoding: Encoding = 'identity'): string {
  return `"${hash('sha256', parts.join('\0'), 'base64url').slice(0, 27)}${SUFFIX[encoding]}"`;
}

/** Whether an `If-None-Match` header names this answer, in whatever coding it was sent then. */
export function isKnown(ifNoneMatch: string | undefined, tag: string): boolean {
  if (ifNoneMatch === undefined) return false;
  if (ifNoneMatch.trim() === '*') return true;
  const bare = withoutCoding(tag);
  return ifNoneMatch.split(',').some((candidate) => withoutCoding(candidate.trim()) === bare);
}

function withoutCoding(tag: string): string {
  return tag.replace(/^W\//, '').replace(/-(br|gz)"$/, '"');
}
