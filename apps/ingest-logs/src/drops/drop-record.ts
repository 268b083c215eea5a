import { hex64, instant } from '@rollcall/contracts';
import { digestId } from '@rollcall/kernel';
import { z } from 'zod';

const count = z.number().int().nonnegative();
const layout = z.discriminatedUnion('format', [
  z.object({ format: z.literal('ndjson'), lineEnd: z.enum(['lf', 'cr']), begin: count }),
  z.object({ format: z.literal('csv'), lineEnd: z.enum(['lf', 'cr']), begin: count, delimiter: z.string().length(1) }),
]);

/**
 * What is known of one content that was dropped for a dataset, under whatever names. It is written before the first batch, moved by
 * compare-and-swap after each, and never deleted: that is how the same content adds nothing a second time.
 */
export const dropRecord = z.object({
  format: z.literal(1),
  source: z.string(),
  dataset: z.string(),
  sha256: hex64,
  /** Bytes of the content as dropped. */
  size: count,
  /** Keys it was seen under, the first `MAX_KEYS` of them. */
  keys: z.array(z.string()).min(1),
  /** Epoch and point of all its positions: when this content was seen first. */
  epoch: count,
  point: z.string().regex(/^\d{1,20}$/),
  /** `refused`: it cannot be read as a whole, `reason` says why. */
  status: z.enum(['reading', 'done', 'refused']),
  reason: z.string().optional(),
  plan: z.object({ layout, header: z.array(z.string()).optional() }).optional(),
  /** Everything before this byte (after decompression) is in the lake and announced; line `line` begins there. */
  offset: count,
  line: z.number().int().positive(),
  rows: count,
  rejected: count,
  batches: count,
  /** Who reads it, until when. */
  lease: z.object({ owner: z.string().min(1), until: instant }).optional(),
  finishedAt: instant.optional(),
});
export type DropRecord = z.output<typeof dropRecord>;

export const MAX_KEYS = 100;

export function dropRecordKey(dataset: string, sha256: string): string {
  return `_state/drops/${dataset}/${sha256}.json`;
}

/** Which content stood under a key when it was looked at: saves reading the file again. */
export const seenDocument = z.object({
  format: z.literal(1),
  key: z.string(),
  size: count,
  etag: z.string(),
  sha256: hex64,
});
export type SeenDocument = z.output<typeof seenDocument>;

export function seenKey(dataset: string, key: string): string {
  return `_state/drops/${dataset}/_seen/${digestId(key)}.json`;
}

/** The record of a content seen for the first time. */
export function newDropRecord(
  first: Pick<DropRecord, 'source' | 'dataset' | 'sha256' | 'size' | 'epoch' | 'point'> & { readonly key: string },
): DropRecord {
  const { key, ...known } = first;
  return { format: 1, ...known, keys: [key], status: 'reading', offset: 0, line: 1, rows: 0, rejected: 0, batches: 0 };
}

/**
 * The record with the lease given to `owner`.
 * @param now ISO instant
 * @returns undefined when somebody else holds it, or there is nothing left to read
 */
export function withLease(record: DropRecord, owner: string, now: string, until: string): DropRecord | undefined {
  if (record.status !== 'reading') return undefined;
  const isHeld = record.lease !== undefined && record.lease.owner !== owner && record.lease.until > now;
  return isHeld ? undefined : { ...record, lease: { owner, until } };
}

/** The record with one more name for its content; undefined when it has that name, or names enough. */
export function withKey(record: DropRecord, key: string): DropRecord | undefined {
  return record.keys.includes(key) || record.keys.length >= MAX_KEYS
    ? undefined
    : { ...record, keys: [...record.keys, key] };
}
