import { RollcallError } from '@rollcall/kernel';
import { parquetMetadata } from 'hyparquet';
import type { BatchManifest } from '@rollcall/contracts';
import { parseMetadata } from '../parquet/file-metadata.js';
import type { ObjectStore } from '../store/object-store.js';
import { parseBatchKey } from './batch-key.js';

const FIRST_TRY_BYTES = 64 * 1024;
const TRAILER_BYTES = 8;

/** The manifest of a batch from the end of its object, without its rows. Undefined: no such object. Code `lake/corrupt`: not that batch. */
export async function readManifest(store: ObjectStore, key: string): Promise<BatchManifest | undefined> {
  const end = await store.get(key, { last: FIRST_TRY_BYTES });
  if (!end) return undefined;
  const needed = footerBytes(end.bytes);
  const footer = needed <= end.bytes.byteLength || needed > end.size ? end : await store.get(key, { last: needed });
  if (!footer) return undefined;
  const manifest = parse(key, footer.bytes);
  if (parseBatchKey(key)?.batchId !== manifest.batchId)
    throw new RollcallError('lake/corrupt', `${key} holds batch ${manifest.batchId}`);
  return manifest;
}

function footerBytes(end: Uint8Array): number {
  if (end.byteLength < TRAILER_BYTES) return TRAILER_BYTES;
  return (
    Buffer.from(end.buffer, end.byteOffset, end.byteLength).readUInt32LE(end.byteLength - TRAILER_BYTES) + TRAILER_BYTES
  );
}

function parse(key: string, footer: Uint8Array): BatchManifest {
  try {
    return parseMetadata(parquetMetadata(footer).key_value_metadata ?? []).manifest;
  } catch (cause) {
    throw new RollcallError('lake/corrupt', `${key} cannot be read as a batch`, { cause });
  }
}
