import { RollcallError, sha256Hex } from '@rollcall/kernel';
import type { BatchWritten } from '@rollcall/contracts';
import { openBatch } from './open-batch.js';
import { parseBatchKey } from './batch-key.js';

/** What would be announced of the object with these bytes. Code `lake/corrupt` when they are no batch, or another one than the key says. */
export async function describeBytes(key: string, bytes: Uint8Array): Promise<BatchWritten> {
  const { manifest } = await openBatch(bytes);
  if (parseBatchKey(key)?.batchId !== manifest.batchId)
    throw new RollcallError('lake/corrupt', `${key} holds batch ${manifest.batchId}`);
  return { ...manifest, key, bytes: bytes.byteLength, sha256: sha256Hex(bytes) };
}
