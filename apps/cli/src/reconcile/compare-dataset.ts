import { setTimeout as delay } from 'node:timers/promises';
import type { ComparePlan } from './compare-plan.js';
import {
  differingRanges,
  differingRows,
  rangeOf,
  stillDifferent,
  type RangeSum,
  type RowDifference,
  type SideRow,
} from './differences.js';
import { boundsSql, rangesSql, rowsSql, sortedBoundsSql, type Key, type Side } from './side.js';
import { withViews, type Databases, type Views } from './views.js';

export interface Comparison {
  readonly databases: Databases;
  readonly plan: ComparePlan;
  readonly source: Side;
  readonly warehouse: Side;
  readonly rowsPerRange: number;
  /** How long what differs may take to become the same. */
  readonly settleMs: number;
  readonly stop: AbortSignal;
  readonly progress: (text: string) => void;
}

export interface Compared {
  /** Of the snapshot in which all ranges were compared. */
  readonly lsn: bigint;
  readonly atMs: number;
  readonly sourceRows: bigint;
  readonly warehouseRows: bigint;
  readonly ranges: number;
  readonly bounds: readonly Key[];
  /** Rows that are wrong in the warehouse. */
  readonly rows: readonly RowDifference[];
  /** Ranges that differ and were not narrowed to rows: there are too many, or no key tells rows apart. */
  readonly coarse: readonly number[];
  /** Rows that differed at first, and were on their way. */
  readonly late: number;
  /** The snapshot of the last look. */
  readonly settledLsn: bigint;
}

/** Differences that are held at most, as rows; beyond, a range stays a range. */
const MAX_ROWS = 100_000;
const FIRST_PAUSE_MS = 500;

/**
 * Compares a dataset in one snapshot of each side, range by range, and what differs row by row. What the warehouse gets meanwhile is no difference:
 * it is looked at again until the time to settle is over. Reads only. Codes source/*, warehouse/*.
 */
export async function compareDataset(request: Comparison): Promise<Compared> {
  const first = await withViews(request.databases, (views) => compareAll(request, views));
  let { rows, coarse } = first;
  let settledLsn = first.lsn;
  for (const pause of pauses(request.settleMs)) {
    if (rows.length === 0 && coarse.length === 0) break;
    request.progress(`${rows.length} rows and ${coarse.length} ranges differ: looking again`);
    await delay(pause, undefined, { signal: request.stop });
    const next = await withViews(request.databases, (views) =>
      compareAgain(request, views, { ...first, rows, coarse }),
    );
    ({ rows, coarse } = next);
    settledLsn = next.lsn;
  }
  return { ...first, rows, coarse, settledLsn, late: first.rows.length - rows.length };
}

type Found = Omit<Compared, 'late' | 'settledLsn'>;

async function compareAll(request: Comparison, views: Views): Promise<Found> {
  const bounds = await readBounds(request, views);
  request.progress(`comparing ${bounds.length + 1} ranges`);
  const { there, here } = await readSums(request, views, bounds);
  const differing = differingRanges(there, here);
  return {
    lsn: views.lsn,
    atMs: views.atMs,
    sourceRows: total(there),
    warehouseRows: total(here),
    ranges: bounds.length + 1,
    bounds,
    ...(await narrow(request, views, bounds, differing)),
  };
}

/** Of rows only those whose ranges held one, range by range; of coarse ranges all of them, in one pass. */
async function compareAgain(
  request: Comparison,
  views: Views,
  { bounds, rows, coarse }: Pick<Found, 'bounds' | 'rows' | 'coarse'>,
): Promise<Pick<Found, 'lsn' | 'rows' | 'coarse'>> {
  const left: RowDifference[] = [];
  for (const [range, before] of Map.groupBy(rows, (row) => row.range))
    for (const row of stillDifferent(before, await rowsOf(request, views, bounds, range))) left.push(row);
  if (coarse.length === 0) return { lsn: views.lsn, rows: left, coarse };
  const { there, here } = await readSums(request, views, bounds);
  const differing = new Set(differingRanges(there, here));
  return { lsn: views.lsn, rows: left, coarse: coarse.filter((range) => differing.has(range)) };
}

async function narrow(
  request: Comparison,
  views: Views,
  bounds: readonly Key[],
  ranges: readonly number[],
): Promise<{ readonly rows: readonly RowDifference[]; readonly coarse: readonly number[] }> {
  const rows: RowDifference[] = [];
  const coarse: number[] = [];
  for (const range of ranges) {
    const isRow = request.plan.key.length > 0 && rows.length < MAX_ROWS;
    const found = isRow ? await rowsOf(request, views, bounds, range) : [];
    for (const row of found) rows.push(row);
    // Also where rows have no key, or the same one.
    if (found.length === 0) coarse.push(range);
  }
  return { rows, coarse };
}

async function rowsOf(
  { source, warehouse }: Comparison,
  views: Views,
  bounds: readonly Key[],
  range: number,
): Promise<readonly RowDifference[]> {
  const keys = rangeOf(bounds, range);
  const [there, here] = await Promise.all([
    views.source<SideRow>(rowsSql(source, keys)),
    views.warehouse<SideRow>(rowsSql(warehouse, keys)),
  ]);
  return differingRows(range, there, here);
}

/** Bounds of both sides, so that no range has more rows than wanted on either. */
async function readBounds(
  { plan, source, warehouse, rowsPerRange }: Comparison,
  views: Views,
): Promise<readonly Key[]> {
  if (plan.key.length === 0) return [];
  const [there, here] = await Promise.all([
    views.source<{ key: Key }>(boundsSql(source, rowsPerRange)),
    views.warehouse<{ key: Key }>(boundsSql(warehouse, rowsPerRange)),
  ]);
  const all = [...there, ...here].map(({ key }) => key);
  if (all.length === 0) return [];
  const sorted = await views.warehouse<{ key: Key }>(sortedBoundsSql(warehouse.key, all));
  return sorted.map(({ key }) => key);
}

async function readSums(
  { source, warehouse }: Comparison,
  views: Views,
  bounds: readonly Key[],
): Promise<{ readonly there: readonly RangeSum[]; readonly here: readonly RangeSum[] }> {
  const [there, here] = await Promise.all([
    views.source<RangeSum>(rangesSql(source, bounds)),
    views.warehouse<RangeSum>(rangesSql(warehouse, bounds)),
  ]);
  return { there, here };
}

function total(sums: readonly RangeSum[]): bigint {
  return sums.reduce((sum, { rows }) => sum + BigInt(rows), 0n);
}

/** Longer and longer; together they are the time to settle. */
function* pauses(settleMs: number): Iterable<number> {
  let left = settleMs;
  for (let pause = FIRST_PAUSE_MS; left > 0; pause *= 2) {
    const next = left < pause * 2 ? left : pause;
    yield next;
    left -= next;
  }
}
