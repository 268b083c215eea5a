import type { PiiKey } from '@rollcall/catalog';
import type { ObjectStore, StoredObject } from '@rollcall/lake';
import type { DropDataset } from './drop-reader.js';
import { FileReader, type FileItem } from './file-reader.js';
import { takeFingerprint } from './fingerprint.js';
import { plainBytes } from './plain-bytes.js';

export interface PreviewCounts {
  readonly rows: number;
  readonly rejected: number;
}

/** Reads a dropped object to its end and counts what it would give, without any effect. */
export async function previewDrop(
  drops: ObjectStore,
  target: DropDataset,
  object: StoredObject,
  piiKey: PiiKey | undefined,
): Promise<PreviewCounts> {
  const reader = new FileReader({ ...target, key: object.key, piiKey });
  const counts = { rows: 0, rejected: 0 };
  const count = (items: readonly FileItem[]): void => {
    for (const item of items) counts[item.kind === 'row' ? 'rows' : 'rejected'] += 1;
  };
  const chunks = await drops.stream(object.key);
  if (!chunks) return counts;
  const source = {
    open: (from: number) => drops.stream(object.key, from),
    print: await takeFingerprint(chunks),
    isGzip: /\.gz$/i.test(object.key),
    offset: 0,
  };
  for await (const slice of plainBytes(source)) {
    if (slice.kind === 'bytes') count(reader.push(slice.bytes));
  }
  count(reader.end());
  return counts;
}
