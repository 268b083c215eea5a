import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { RollcallError } from '@rollcall/kernel';
import type { ObjectStore } from '../store/object-store.js';
import { readDocument, updateDocument } from './document.js';

/** The layout this release reads and writes. */
export const LAKE_FORMAT = 1;

const FORMAT_KEY = '_state/format.json';
const formatDocument = z.object({ format: z.number().int().positive() });

/**
 * Proves, on a scratch key, that the store really does put-if-absent and compare-and-swap, and that the lake is of a format this release knows.
 * Every service that writes calls it at start. Codes `lake/no-conditional-put`, `lake/format-newer`, and whatever keeps the store from answering.
 */
export async function proveStore(store: ObjectStore): Promise<void> {
  try {
    await proveConditions(store);
    await checkFormat(store);
  } catch (error) {
    if (!(error instanceof RollcallError) || error.message.startsWith(store.url)) throw error;
    // Nobody else writes to the scratch key: a file where a folder should be, and not a race.
    const code = error.code === 'lake/conflict' ? 'lake/unavailable' : error.code;
    throw new RollcallError(code, `${store.url}: ${error.message}`, { cause: error });
  }
}

/**
 * For services that only read: the store answers and the lake is of a format this release knows. Writes nothing. Codes `lake/format-newer`, and
 * whatever keeps the store from answering.
 */
export async function checkLakeReadable(store: ObjectStore): Promise<void> {
  const written = await readDocument(store, FORMAT_KEY, formatDocument);
  refuseNewer(store, written?.value.format ?? LAKE_FORMAT);
}

async function checkFormat(store: ObjectStore): Promise<void> {
  const written = await updateDocument(store, FORMAT_KEY, formatDocument, (current) =>
    current ? undefined : { format: LAKE_FORMAT },
  );
  refuseNewer(store, written?.value.format ?? LAKE_FORMAT);
}

function refuseNewer(store: ObjectStore, format: number): void {
  if (format > LAKE_FORMAT)
    throw new RollcallError(
      'lake/format-newer',
      `${store.url} is of format ${format}, this release knows ${LAKE_FORMAT}`,
    );
}

async function proveConditions(store: ObjectStore): Promise<void> {
  const key = `_state/probe/${randomUUID()}`;
  const [first, second, third] = ['first', 'second', 'third'].map((text) => Buffer.from(text));
  if (!first || !second || !third) return;
  const created = await store.putIfAbsent(key, first);
  try {
    expect(store, created.created, 'a put of a new key was refused');
    const again = await store.putIfAbsent(key, second);
    expect(store, !again.created, 'a put-if-absent went over an object that was there');
    expect(store, await holds(store, key, first), 'an object was changed by a put-if-absent that was refused');
    const swapped = await store.replace(key, second, again.etag);
    expect(store, swapped.replaced, 'a compare-and-swap of the current version was refused');
    const stale = await store.replace(key, third, created.etag);
    expect(store, !stale.replaced, 'a compare-and-swap went over a newer version');
    expect(store, await holds(store, key, second), 'an object does not hold what was swapped in');
  } finally {
    await store.delete(key);
  }
}

function expect(store: ObjectStore, held: boolean, otherwise: string): void {
  if (!held) throw new RollcallError('lake/no-conditional-put', `${store.url}: ${otherwise}`);
}

async function holds(store: ObjectStore, key: string, bytes: Uint8Array): Promise<boolean> {
  const found = await store.get(key);
  return found !== undefined && Buffer.from(bytes).equals(found.bytes);
}
