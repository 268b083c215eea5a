import { MAX_ATTEMPTS, type WholeRead } from '../state/whole-read.js';
import { cutRanges, isCutOf, type Leaf } from './block-ranges.js';

/** Beyond this many transactions an id of 32 bits does not tell which came first. */
const MAX_XID_DISTANCE = 1_000_000_000n;

export interface ReadSeen {
  /** `<run>:<attempt>` */
  readonly name: string;
  readonly epoch: number;
  /** L of this attempt. */
  readonly lsn: bigint;
  readonly xmin: bigint;
  readonly leaves: readonly Leaf[];
  /** Microseconds since 1970. */
  readonly now: bigint;
}

/** Pure: goes on with the read that was begun, or begins anew where that one's ranges do not hold any more. */
export function planRead(begun: WholeRead | undefined, seen: ReadSeen): WholeRead {
  if (begun && goesOn(begun, seen)) return { ...begun, attempts: [...begun.attempts, seen.name] };
  return {
    epoch: seen.epoch,
    lsn: seen.lsn.toString(),
    xmin: seen.xmin.toString(),
    asOf: seen.now.toString(),
    attempts: [seen.name],
    ...cutRanges(seen.leaves),
    rows: 0,
  };
}

function goesOn(begun: WholeRead, { epoch, lsn, xmin, leaves }: ReadSeen): boolean {
  const passed = xmin - BigInt(begun.xmin);
  return (
    begun.epoch === epoch &&
    begun.leaves.length > 0 &&
    isCutOf(begun, leaves) &&
    begun.attempts.length < MAX_ATTEMPTS &&
    BigInt(begun.lsn) < lsn &&
    passed >= 0n &&
    passed < MAX_XID_DISTANCE
  );
}

/** What this attempt has to read: ranges nobody read to their end, whole; of the others what was written since. */
export function tasksOf(read: WholeRead): readonly { readonly range: number; readonly newerThan?: bigint }[] {
  const tasks = read.ranges.map((ends, range) =>
    ends.length === 0 ? { range } : { range, newerThan: BigInt(read.xmin) },
  );
  // The longest first: what is left at the end is small.
  return [...tasks.filter((task) => !('newerThan' in task)), ...tasks.filter((task) => 'newerThan' in task)];
}
