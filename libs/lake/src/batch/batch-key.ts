import { digestId } from '@rollcall/kernel';
import { rangeText, type Lane, type Range } from '@rollcall/contracts';

/** The id of a batch: the same for every retry of the same attempt. Correctness never rests on it. */
export function batchIdOf(dataset: string, lane: Lane, range: Range): string {
  return digestId(dataset, lane, rangeText(range));
}

/** Where a batch stands. `asOfDay` (YYYY-MM-DD, UTC) is the day of the range's own as-of, never of the clock at writing. */
export function batchKey(dataset: string, lane: Lane, asOfDay: string, batchId: string): string {
  if (!/^\d{4}-\d\d-\d\d$/.test(asOfDay)) throw new RangeError(`batch key: ${asOfDay} is not a day YYYY-MM-DD`);
  return `${lanePrefix(dataset, lane)}${asOfDay}/${batchId}.parquet`;
}

/** What the keys of a lane start with; a day follows. */
export function lanePrefix(dataset: string, lane: Lane): string {
  return lane === 'rows' ? `${dataset}/date=` : `${dataset}/_rejected/date=`;
}

export interface BatchPlace {
  readonly dataset: string;
  readonly lane: Lane;
  readonly asOfDay: string;
  readonly batchId: string;
}

const SHAPE = /^([a-z][a-z0-9_]*)\/(_rejected\/)?date=(\d{4}-\d\d-\d\d)\/([a-z2-7]{26})\.parquet$/;

/** Reads a key back; undefined when it is not a batch's. */
export function parseBatchKey(key: string): BatchPlace | undefined {
  const parts = SHAPE.exec(key);
  if (!parts) return undefined;
  const [, dataset = '', rejected, asOfDay = '', batchId = ''] = parts;
  return { dataset, lane: rejected ? 'rejected' : 'rows', asOfDay, batchId };
}
