import { z } from 'zod';
import { position } from '@rollcall/contracts';
import type { Clock } from '@rollcall/kernel';
import type { Etag, ObjectStore } from '../store/object-store.js';
import { createDocument, readDocument, updateDocument, writeDocument, type Document } from './document.js';
import { RollcallError } from '@rollcall/kernel';

/** Where an extract of a dataset stands. Written with compare-and-swap only: that is also the fence between two extractors. */
export const cursor = z.object({
  format: z.literal(1),
  /** First part of every `_position` given from now on. */
  epoch: z.number().int().min(0).max(0xffff),
  /** The last point given (middle part of `_position`), as decimal digits. */
  point: z.string().regex(/^\d{1,20}$/),
  /** Everything up to here is in the lake and announced. */
  position: position.optional(),
  lastBatch: z.string().optional(),
  /** What the kind of source keeps besides, such as the samples of a watermark. */
  samples: z.json().optional(),
});
export type Cursor = z.output<typeof cursor>;

export function cursorKey(source: string, dataset: string): string {
  return `_state/${source}/${dataset}.json`;
}

export async function readCursor(
  store: ObjectStore,
  source: string,
  dataset: string,
): Promise<Document<Cursor> | undefined> {
  return readDocument(store, cursorKey(source, dataset), cursor);
}

/**
 * Moves the cursor from the version `etag` ('' = there was none). Code `lake/conflict` when another extractor moved it: stop and read again.
 * Neither epoch nor point may go back (RangeError).
 */
export async function writeCursor(
  store: ObjectStore,
  source: string,
  dataset: string,
  next: Cursor,
  previous?: Document<Cursor>,
): Promise<Document<Cursor>> {
  const value = cursor.parse(next);
  const key = cursorKey(source, dataset);
  if (!previous) {
    const created = await createDocument(store, key, value);
    if (!created) throw new RollcallError('lake/conflict', `cursor ${key} is there already`);
    return { value, etag: created.etag };
  }
  if (isBefore(value, previous.value)) throw new RangeError(`cursor ${key}: epoch or point would go back`);
  const etag: Etag = await writeDocument(store, key, value, previous.etag);
  return { value, etag };
}

/**
 * The next point of a dataset for sources whose points are microseconds of first-seen: the clock, but always greater than every point
 * given before, by anybody. Durable before it is returned. Given once per object, run part or request; what it is given for may never
 * be written, gaps mean nothing.
 */
export async function nextPoint(
  store: ObjectStore,
  source: string,
  dataset: string,
  clock: Clock,
): Promise<{ epoch: number; point: bigint }> {
  const document = await updateDocument(store, cursorKey(source, dataset), cursor, (current) => {
    const now = clock.nowMicros();
    const least = BigInt(current?.point ?? 0) + 1n;
    return { ...(current ?? { format: 1 as const, epoch: 0 }), point: (now > least ? now : least).toString() };
  });
  if (!document) throw new Error('a point is always written');
  return { epoch: document.value.epoch, point: BigInt(document.value.point) };
}

function isBefore(a: Cursor, b: Cursor): boolean {
  return a.epoch !== b.epoch ? a.epoch < b.epoch : BigInt(a.point) < BigInt(b.point);
}
