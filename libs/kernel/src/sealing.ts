import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Seals bytes with AES-256-GCM: nonce (12) + tag (16) + ciphertext. The key is sha256 of QUARANTINE_KEY's text.
 * `context` (the place the bytes belong to) is authenticated: sealed bytes cannot be moved to another place.
 */
export function seal(secret: string, bytes: Uint8Array, context: string): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret), nonce).setAAD(Buffer.from(context));
  const body = Buffer.concat([cipher.update(bytes), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), body]);
}

/** Opens what `seal` made. Throws when the key or the context is another, or the bytes were changed. */
export function unseal(secret: string, sealed: Uint8Array, context: string): Uint8Array {
  const at = Buffer.from(sealed);
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret), at.subarray(0, NONCE_BYTES));
  decipher.setAAD(Buffer.from(context)).setAuthTag(at.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(at.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}

function keyOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
