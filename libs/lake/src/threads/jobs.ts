import type { VectorColumn, VectorGroup } from '../batch/vector-group.js';
import { decodeGroup, type PackedGroup } from '../parquet/decode-group.js';
import { encodeGroup } from '../parquet/encode-group.js';
import type { EncodedChunk } from '../parquet/encoded-chunk.js';
import type { EncodedPage } from '../parquet/page.js';

/** What a thread is asked for. */
export type Job =
  | { readonly kind: 'encode'; readonly group: VectorGroup; readonly isGiven: boolean }
  | { readonly kind: 'decode'; readonly packed: PackedGroup };

/** What it answers, of the same kind. */
export type Done =
  | { readonly kind: 'encode'; readonly chunks: readonly EncodedChunk[] }
  | { readonly kind: 'decode'; readonly group: VectorGroup };

/** A value for another thread, and the buffers of it that are moved there: the one who sends it has them no more. */
export interface Parcel<T> {
  readonly value: T;
  readonly moved: ArrayBuffer[];
}

/** The job with bytes of its own: the caller's stay as they are, unless it gives them. */
export function parcelOfJob(job: Job): Parcel<Job> {
  const moved = new Set<ArrayBuffer>();
  if (job.kind === 'encode') {
    const take = job.isGiven ? own : copied;
    return parcel({ ...job, group: withBytes(job.group, (bytes) => take(bytes, moved)) }, moved);
  }
  const { part, ...packed } = job.packed;
  return parcel({ ...job, packed: { ...packed, part: { ...part, bytes: copied(part.bytes, moved) } } }, moved);
}

/** Does it, in whatever thread. Throws as `encodeGroup` and `decodeGroup`. */
export function perform(job: Job): Done {
  return job.kind === 'encode'
    ? { kind: 'encode', chunks: encodeGroup(job.group) }
    : { kind: 'decode', group: decodeGroup(job.packed) };
}

/** What was done, whose bytes nobody else has. */
export function parcelOfDone(done: Done): Parcel<Done> {
  const moved = new Set<ArrayBuffer>();
  if (done.kind === 'decode')
    return parcel({ ...done, group: withBytes(done.group, (bytes) => own(bytes, moved)) }, moved);
  // Without the room that was made for a page that cannot be made smaller.
  const page = (one: EncodedPage): EncodedPage => ({ ...one, pieces: [copied(Buffer.concat(one.pieces), moved)] });
  const chunks = done.chunks.map((chunk) => ({
    ...chunk,
    ...(chunk.dictionary && { dictionary: page(chunk.dictionary) }),
    data: page(chunk.data),
  }));
  return parcel({ ...done, chunks }, moved);
}

/** Buffers that came with a job, of no use any more when it is done: to be sent back. Of a parcel's job each body has its own. */
export function sparesOf(job: Job): readonly ArrayBuffer[] {
  if (job.kind !== 'encode' || !job.isGiven) return [];
  return job.group.columns.map(({ vector }) => vector.body.buffer).filter((buffer) => buffer instanceof ArrayBuffer);
}

function withBytes({ rowCount, columns }: VectorGroup, take: (bytes: Uint8Array) => Uint8Array): VectorGroup {
  const taken = columns.map(({ vector: { present, body, ...counts }, ...column }): VectorColumn => ({
    ...column,
    vector: { ...counts, body: take(body), ...(present && { present: take(present) }) },
  }));
  return { rowCount, columns: taken };
}

function parcel<T>(value: T, moved: ReadonlySet<ArrayBuffer>): Parcel<T> {
  return { value, moved: [...moved] };
}

function copied(bytes: Uint8Array, moved: Set<ArrayBuffer>): Uint8Array {
  const copy = new Uint8Array(bytes);
  moved.add(copy.buffer);
  return copy;
}

/** Small buffers of Node share one, which stays; so does what is moved already. */
function own(bytes: Uint8Array, moved: Set<ArrayBuffer>): Uint8Array {
  const { buffer } = bytes;
  const isShared = bytes.byteLength <= Buffer.poolSize || !(buffer instanceof ArrayBuffer) || moved.has(buffer);
  if (isShared) return copied(bytes, moved);
  moved.add(buffer);
  return bytes;
}
