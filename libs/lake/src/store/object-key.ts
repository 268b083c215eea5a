/** Names a store keeps for itself. No key may have one as a segment, no listing shows them. */
export const RESERVED_SEGMENT = '.rollcall';

const MAX_KEY_BYTES = 1024;

/**
 * Checks a key before it becomes a path or a URL. A bad key is a bug of the caller, hence a RangeError:
 * keys from outside are listed from a store, they are not made up.
 */
export function checkKey(key: string): string {
  const fault = keyFault(key);
  if (fault) throw new RangeError(`object key ${JSON.stringify(key.slice(0, 200))}: ${fault}`);
  return key;
}

/** Checks a listing prefix: a key that may be empty or end with a slash. */
export function checkPrefix(prefix: string): string {
  if (prefix === '') return prefix;
  return (checkKey(prefix.endsWith('/') ? prefix.slice(0, -1) : prefix), prefix);
}

function keyFault(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`;
  if (key.includes('\0') || key.includes('\\')) return 'holds a NUL or a backslash';
  if (!key.isWellFormed()) return 'is not well-formed Unicode';
  for (const segment of key.split('/')) {
    if (segment === '') return 'has an empty segment';
    if (segment === '.' || segment === '..') return 'has a segment . or ..';
    if (segment === RESERVED_SEGMENT) return `has the reserved segment ${RESERVED_SEGMENT}`;
    if (Buffer.byteLength(segment) > 255) return 'has a segment longer than 255 bytes';
  }
  return undefined;
}
