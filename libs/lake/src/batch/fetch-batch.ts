import { RollcallError, sha256Hex } from '@rollcall/kernel';
import type { BatchWritten } from '@rollcall/contracts';
import type { ObjectStore } from '../store/object-store.js';

/** The bytes of an announced batch, checked against its sha256. Codes `lake/not-found`, `lake/checksum-mismatch`. */
export async function fetchBatch(
  store: ObjectStore,
  announced: Pick<BatchWritten, 'key' | 'sha256' | 'bytes'>,
): Promise<Uint8Array> {
  const found = await store.get(announced.key);
  if (!found) throw new RollcallError('lake/not-found', `batch ${announced.key} is not in ${store.url}`);
  if (sha256Hex(found.bytes) !== announced.sha256) {
    throw new RollcallError(
      'lake/checksum-mismatch',
      `batch ${announced.key}: ${found.size} bytes differ from the ${announced.bytes} announced`,
    );
  }
  return found.bytes;
}
