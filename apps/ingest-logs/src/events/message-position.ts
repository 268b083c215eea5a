import { positionIndex, positionPrefix } from '@rollcall/kernel';

const INDEX_BITS = 0x7fff_ffff;

/**
 * Positions of the events of one message: when the broker took it, then a number that begins at 31 bits of the message's digest and counts
 * its items. So they are the same whenever, and beside whatever, the message is delivered again: a message repeated late is not newer than
 * what came after it, and is quarantined once. (Two messages of one microsecond share a position only when their digests meet.)
 */
export function messagePositions(epoch: number, takenMicros: bigint, sha256: string): (item: number) => string {
  const prefix = positionPrefix(epoch, takenMicros);
  const base = parseInt(sha256.slice(0, 8), 16) & INDEX_BITS;
  return (item) => prefix + positionIndex(base + item);
}
