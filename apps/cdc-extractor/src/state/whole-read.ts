import { batchIdOf } from '@rollcall/lake';
import { z } from 'zod';

const count = z.number().int().nonnegative();
const digits = z.string().regex(/^\d{1,20}$/);

/** More attempts than these begin anew: what is kept of them must not grow. */
export const MAX_ATTEMPTS = 8;
/** Part numbers of one range of a read: [range * this + 1, …]. Part 0 is the `t`. */
const PARTS_PER_RANGE = 1 << 20;

/**
 * A whole read of a table under way, as it stands in the cursor. Of constant size: so many ranges however long the table is, and of the batches
 * of a range no more than their number, because their ids follow from it.
 */
export const wholeRead = z.object({
  epoch: z.number().int().min(0).max(0xffff),
  /** L of the first attempt: the `t` at the end clears what is below. */
  lsn: digits,
  /** Rows that the first attempt's snapshot could not see were written by transactions from this id on (xid8). */
  xmin: digits,
  /** Microseconds since 1970: the day under which its batches are filed. */
  asOf: digits,
  /** `<run>:<attempt>` of every attempt so far. */
  attempts: z.array(z.string().min(1)).min(1).max(MAX_ATTEMPTS),
  /** Leaf tables in the order of the ranges: oid, file node, and the blocks each had when the ranges were cut. Empty: one range over all. */
  leaves: z.array(z.tuple([count, count, count])),
  blocksPerRange: z.number().int().positive(),
  /** By range: [place in attempts, batches landed] of every attempt that read it to its end. */
  ranges: z.array(z.array(z.tuple([count, count]))).min(1),
  rows: count,
});
export type WholeRead = z.output<typeof wholeRead>;

/** The part number of the n-th batch (from 0) of a range. */
export function partOf(range: number, n: number): number {
  if (n >= PARTS_PER_RANGE - 1) throw new RangeError(`a range of a read makes more than ${PARTS_PER_RANGE} batches`);
  return range * PARTS_PER_RANGE + n + 1;
}

/** The batches that hold what was read, by their ids. */
export function batchesOf(read: WholeRead, dataset: string): string[] {
  return read.ranges.flatMap((ends, range) =>
    ends.flatMap(([attempt, batches]) =>
      Array.from({ length: batches }, (_, n) =>
        batchIdOf(dataset, 'rows', { kind: 'run', run: read.attempts[attempt] ?? '', part: partOf(range, n) }),
      ),
    ),
  );
}

/** The read with a range noted as read to its end by the newest attempt. */
export function withRangeDone(read: WholeRead, range: number, batches: number, rows: number): WholeRead {
  const end: [number, number] = [read.attempts.length - 1, batches];
  const ranges = read.ranges.map((ends, at) => (at === range ? [...ends, end] : ends));
  return { ...read, ranges, rows: read.rows + rows };
}
