import type { VectorGroup } from '../batch/vector-group.js';
import type { PackedGroup } from '../parquet/decode-group.js';
import type { EncodedChunk } from '../parquet/encoded-chunk.js';
import { perform, type Done, type Job } from './jobs.js';
import { threads } from './thread-pool.js';

/** So little is done sooner than handed to another thread. */
const SMALL_BYTES = 64 * 1024;

/**
 * `encodeGroup`, outside the main thread where it is worth it. A group that is given is not copied for that: nobody may look at its bytes any more.
 * Any other may change once this has returned its promise.
 */
export async function encodeAside(group: VectorGroup, isGiven: boolean): Promise<readonly EncodedChunk[]> {
  const bytes = group.columns.reduce((sum, { vector }) => sum + vector.body.byteLength, 0);
  const done = await run({ kind: 'encode', group, isGiven }, bytes);
  if (done.kind !== 'encode') throw otherKind();
  return done.chunks;
}

/** `decodeGroup`, outside the main thread where it is worth it. */
export async function decodeAside(packed: PackedGroup): Promise<VectorGroup> {
  const bytes = packed.columns.reduce((sum, { chunk }) => sum + Number(chunk.total_uncompressed_size), 0);
  const done = await run({ kind: 'decode', packed }, bytes);
  if (done.kind !== 'decode') throw otherKind();
  return done.group;
}

async function run(job: Job, bytes: number): Promise<Done> {
  return bytes <= SMALL_BYTES ? perform(job) : threads.run(job);
}

function otherKind(): Error {
  return new Error('a thread answered another question');
}
