import { sha256Hex } from '@rollcall/kernel';
import type { Dataset } from '../dataset.js';

/** The secret of the policies `hash` and `pbkdf2`. */
export interface PiiKey {
  /** Stands in manifests: tells which key it was, not what it is. */
  readonly id: string;
  readonly secret: string;
}

/** The key that PII_KEY holds. Throws RangeError when it is empty. */
export function piiKey(secret: string): PiiKey {
  if (secret === '') throw new RangeError('pii key: the secret is empty');
  return { id: sha256Hex(`rollcall pii key id\0${secret}`).slice(0, 8), secret };
}

/** The columns whose policy needs PII_KEY. */
export function columnsThatNeedKey(dataset: Dataset): readonly string[] {
  return dataset.columns.filter(({ pii }) => pii === 'hash' || pii === 'pbkdf2').map(({ name }) => name);
}
