/**
 * The point of a new read: the LSN at which it was opened, but always above the last one given: nothing may have been written since, or
 * another server answers this time. Reads of a dataset follow each other, so a later one never carries older rows.
 */
export function nextPoint(lsn: bigint, last: bigint): bigint {
  return lsn > last ? lsn : last + 1n;
}
