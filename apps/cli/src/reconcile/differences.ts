import type { Key, KeyRange } from './side.js';

/** What a range came to on one side. Texts of numbers that may be beyond 2^53. */
export interface RangeSum {
  readonly range: number;
  readonly rows: string;
  readonly checksum: string;
}

/** A row as one side has it. */
export interface SideRow {
  readonly key: Key;
  readonly hash: string;
  /** Of the warehouse: which version it is. */
  readonly position?: string;
}

/** A row that is not the same on both sides. */
export interface RowDifference {
  readonly key: Key;
  readonly range: number;
  /** Absent: that side does not have it. */
  readonly source?: { readonly hash: string };
  readonly warehouse?: { readonly hash: string; readonly position: string };
}

export type DifferenceKind = 'missing' | 'extra' | 'different';

/** As seen from the warehouse. */
export function kindOf({ source, warehouse }: RowDifference): DifferenceKind {
  if (!warehouse) return 'missing';
  return source ? 'different' : 'extra';
}

/** One text for a key: the same for equal keys, and only for them. */
export function keyId(key: Key): string {
  return JSON.stringify(key);
}

/** The ranges that are not the same on both sides, in order. Pure. */
export function differingRanges(source: readonly RangeSum[], warehouse: readonly RangeSum[]): readonly number[] {
  const told = ({ rows, checksum }: RangeSum): string => `${rows}/${checksum}`;
  const here = new Map(warehouse.map((sum) => [sum.range, told(sum)]));
  const there = new Map(source.map((sum) => [sum.range, told(sum)]));
  return [...new Set([...here.keys(), ...there.keys()])]
    .filter((range) => here.get(range) !== there.get(range))
    .sort((a, b) => a - b);
}

/** The rows of one range that are not the same. Pure. */
export function differingRows(
  range: number,
  source: readonly SideRow[],
  warehouse: readonly SideRow[],
): readonly RowDifference[] {
  const here = new Map(warehouse.map((row) => [keyId(row.key), row]));
  const found: RowDifference[] = [];
  for (const { key, hash } of source) {
    const id = keyId(key);
    const own = here.get(id);
    here.delete(id);
    if (own?.hash !== hash) found.push({ key, range, source: { hash }, ...(own && { warehouse: versionOf(own) }) });
  }
  for (const own of here.values()) found.push({ key: own.key, range, warehouse: versionOf(own) });
  return found;
}

/**
 * What is wrong, not late: rows that differed, differ again, and of which the warehouse stands where it stood. One that moved on meanwhile has
 * had a newer version than the one that was compared, and is on its way. Pure.
 */
export function stillDifferent(
  before: readonly RowDifference[],
  now: readonly RowDifference[],
): readonly RowDifference[] {
  const again = new Map(now.map((row) => [keyId(row.key), row]));
  return before.flatMap((row) => {
    const next = again.get(keyId(row.key));
    const stands =
      next?.warehouse?.position === row.warehouse?.position && next?.warehouse?.hash === row.warehouse?.hash;
    return next && stands ? [next] : [];
  });
}

/** The keys of a range, by its place among the bounds. */
export function rangeOf(bounds: readonly Key[], range: number): KeyRange {
  const [from, before] = [bounds[range - 1], bounds[range]];
  return { ...(from && { from }), ...(before && { before }) };
}

function versionOf({ hash, position = '' }: SideRow): { readonly hash: string; readonly position: string } {
  return { hash, position };
}
