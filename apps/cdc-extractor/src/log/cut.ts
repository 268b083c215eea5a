import { type Dataset } from '@rollcall/catalog';

/** Memory of all open rows of a source together: a cut is due when they have more, so that two of them fit beside everything else. */
const MAX_OPEN_BYTES = 64 << 20;
/** A transaction is landed in parts only when a dataset has so many times what its `flush` asks for. */
const PART_FACTOR = 4;

/** What of a dataset waits for a cut. */
export interface OpenRows {
  readonly flush: Dataset['flush'];
  readonly rowCount: number;
  readonly byteLength: number;
  /** Since its first row was committed. */
  readonly ageMs: number;
}

/** Whether it is time for a cut: at a commit when one dataset is due, inside a transaction only when memory asks for it. Pure. */
export function isCutDue(open: readonly OpenRows[], inTransaction: boolean): boolean {
  let bytes = 0;
  for (const { rowCount, byteLength, ageMs, flush } of open) {
    if (rowCount === 0) continue;
    bytes += byteLength;
    const factor = inTransaction ? PART_FACTOR : 1;
    if (rowCount >= flush.rows * factor || byteLength >= flush.bytes * factor) return true;
    if (!inTransaction && ageMs >= flush.seconds * 1000) return true;
  }
  return bytes >= MAX_OPEN_BYTES;
}
