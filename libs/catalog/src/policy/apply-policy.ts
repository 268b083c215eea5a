import { createHmac, pbkdf2Sync } from 'node:crypto';
import { RollcallError } from '@rollcall/kernel';
import type { Column } from '../dataset.js';
import type { PiiKey } from './pii-key.js';

const PBKDF2_ROUNDS = 120_000;
const PBKDF2_BYTES = 32;

/** What `mask` leaves: that there was a value, and nothing else of it. */
export const MASKED = '***';

/**
 * trim, lower, then the PII policy of a column, the only thing applied before the lake. null stays null.
 * hash: HMAC-SHA256 under the key, hex. pbkdf2: PBKDF2-SHA256, 120,000 rounds, 32 bytes, hex; the key is the salt, so equal values stay equal.
 * mask: `***`. drop: null. Throws config/invalid when the policy needs a key and there is none: never clear text instead.
 */
export function applyPolicy(column: Column, text: string | null, key: PiiKey | undefined): string | null {
  return text === null ? null : buildPolicy(column, key)(text);
}

/** The same for one column as a function; pbkdf2 (some 40 ms each) remembers the last values. Throws as above, at once. */
export function buildPolicy(column: Column, key: PiiKey | undefined): (text: string) => string | null {
  const clean = buildCleaning(column);
  switch (column.pii) {
    case 'keep':
      return clean;
    case 'drop':
      return () => null;
    case 'mask':
      return () => MASKED;
    case 'hash': {
      const { secret } = keyFor(column, key);
      return (text) => createHmac('sha256', secret).update(clean(text)).digest('hex');
    }
    case 'pbkdf2': {
      const { secret } = keyFor(column, key);
      return remembering((text) =>
        pbkdf2Sync(clean(text), secret, PBKDF2_ROUNDS, PBKDF2_BYTES, 'sha256').toString('hex'),
      );
    }
  }
}

/** trim and lower alone: the clear text that rules inside Rollcall look at. */
export function buildCleaning({ trim, lower }: Column): (text: string) => string {
  if (trim && lower) return (text) => text.trim().toLowerCase();
  if (trim) return (text) => text.trim();
  return lower ? (text) => text.toLowerCase() : (text) => text;
}

function keyFor(column: Column, key: PiiKey | undefined): PiiKey {
  if (key) return key;
  throw new RollcallError('config/invalid', `PII_KEY is not set; column ${column.name} has policy ${column.pii}`);
}

const REMEMBERED = 4096;

function remembering(slow: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const result = slow(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, result);
    return result;
  };
}
