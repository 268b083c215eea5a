import { RollcallError } from '@rollcall/kernel';
import { parquetMetadata } from 'hyparquet';
import type { BatchManifest } from '@rollcall/contracts';
import { parseMetadata, type ColumnName } from '../parquet/file-metadata.js';
import type { ObjectStore } from '../store/object-store.js';
import { parseBatchKey } from './batch-key.js';

const FIRST_TRY_BYTES = 64 * 1024;
const TRAILER_BYTES = 8;

/** What the end of a batch's object says, without its rows. */
export interface BatchFooter {
  readonly manifest: BatchManifest;
  readonly columns: readonly ColumnName[];
}

/** The manifest of a batch from the end of its object. Undefined: no such object. Code `lake/corrupt`: not that batch. */
export async function readManifest(store: ObjectStore, key: string): Promise<BatchManifest | undefined> {
  return (await readFooter(store, key))?.manifest;
}

/** The same with the columns of the file. */
export async function readFooter(store: ObjectStore, key: string): Promise<BatchFooter | undefined> {
  const end = await store.get(key, { last: FIRST_TRY_BYTES });
  if (!end) return undefined;
  const needed = footerBytes(end.bytes);
  const bytes = needed <= end.bytes.byteLength || needed > end.size ? end : await store.get(key, { last: needed });
  if (!bytes) return undefined;
  const footer = parse(key, bytes.bytes);
  if (parseBatchKey(key)?.batchId !== footer.manifest.batchId)
    throw new RollcallError('lake/corrupt', `${key} holds batch ${footer.manifest.batchId}`);
  return footer;
}

function footerBytes(end: Uint8Array): number {
  if (end.byteLength < TRAILER_BYTES) return TRAILER_BYTES;
  return (
    Buffer.from(end.buffer, end.byteOffset, end.byteLength).readUInt32LE(end.byteLength - TRAILER_BYTES) + TRAILER_BYTES
  );
}

function parse(key: string, footer: Uint8Array): BatchFooter {
  try {
    return parseMetadata(parquetMetadata(footer).key_value_metadata ?? []);
  } catch (cause) {
    throw new RollcallError('lake/corrupt', `${key} cannot be read as a batch`, { cause });
  }
}
