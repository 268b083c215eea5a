import type { WholeRead } from '../state/whole-read.js';

/** A table that holds rows, as it stands now. */
export interface Leaf {
  /** Quoted and qualified. */
  readonly sql: string;
  readonly oid: number;
  /** Changes when the table is rewritten: rows then stand in other blocks, and look as old as they were. */
  readonly fileNode: number;
  readonly blocks: number;
}

/** The rows of one leaf between two blocks. */
export interface Segment {
  readonly leaf: string;
  readonly from: number;
  /** Absent: to the end of the table, wherever that is by now. */
  readonly to?: number;
}

export type RangeCut = Pick<WholeRead, 'leaves' | 'blocksPerRange' | 'ranges'>;

/** A crash costs one range, so none is big; the state holds all of them, so there are not many. */
const MAX_RANGES = 512;
const MIN_BLOCKS = 256;
const MAX_BLOCKS = 4096;
/** Enough for several connections to share. */
const WANTED_RANGES = 8;

/** Cuts the blocks of all leaves, one behind the other, into ranges of equal length. Without leaves there is one range. */
export function cutRanges(leaves: readonly Leaf[]): RangeCut {
  const total = leaves.reduce((sum, { blocks }) => sum + blocks, 0);
  const fair = Math.min(MAX_BLOCKS, Math.max(MIN_BLOCKS, Math.ceil(total / WANTED_RANGES)));
  const blocksPerRange = Math.max(fair, Math.ceil(total / MAX_RANGES));
  const count = Math.max(1, Math.ceil(total / blocksPerRange));
  return {
    leaves: leaves.map(({ oid, fileNode, blocks }) => [oid, fileNode, blocks]),
    blocksPerRange,
    ranges: Array.from({ length: count }, () => []),
  };
}

/** Whether the ranges still are where they were cut: the same leaves, none rewritten. */
export function isCutOf(cut: RangeCut, leaves: readonly Leaf[]): boolean {
  const now = new Map(leaves.map(({ oid, fileNode }) => [oid, fileNode]));
  return now.size === cut.leaves.length && cut.leaves.every(([oid, fileNode]) => now.get(oid) === fileNode);
}

/** What of which leaf belongs to a range. All ranges together cover every leaf from its first block to its end, and nothing twice. */
export function segmentsOf(cut: RangeCut, range: number, leaves: readonly Leaf[]): Segment[] {
  const named = new Map(leaves.map(({ oid, sql }) => [oid, sql]));
  const begin = range * cut.blocksPerRange;
  const isLast = range === cut.ranges.length - 1;
  const end = isLast ? Infinity : begin + cut.blocksPerRange;
  const segments: Segment[] = [];
  let start = 0;
  for (const [oid, , blocks] of cut.leaves) {
    const next = start + blocks;
    const leaf = named.get(oid);
    // A leaf of no blocks belongs to the range it begins in.
    const overlaps = blocks === 0 ? start >= begin && start < end : start < end && next > begin;
    if (leaf !== undefined && overlaps) {
      const from = Math.max(0, begin - start);
      segments.push(next > end ? { leaf, from, to: end - start } : { leaf, from });
    }
    start = next;
  }
  return segments;
}

/** Behind the select list: the rows of a segment; `newerThan`: only those written by transactions from that id on. */
export function segmentSql({ leaf, from, to }: Segment, newerThan?: bigint): string {
  const conditions = [
    ...(from > 0 ? [`ctid >= '(${from},0)'`] : []),
    ...(to === undefined ? [] : [`ctid < '(${to},0)'`]),
    // What is frozen keeps its xmin; what is older than two thousand million transactions counts as new, which only costs time.
    ...(newerThan === undefined ? [] : [`age(xmin) <= age('${BigInt.asUintN(32, newerThan)}'::xid)`]),
  ];
  return conditions.length === 0 ? `FROM ${leaf}` : `FROM ${leaf} WHERE ${conditions.join(' AND ')}`;
}
