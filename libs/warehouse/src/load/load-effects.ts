/**
 * The effects of a load, in order. All but `staged` stand in one transaction: whoever dies before `committed` leaves nothing behind but
 * temporary tables of a connection that is gone. Tests enumerate their crash points from this list.
 */
export const LOAD_EFFECTS = [
  'staged',
  'ledger-written',
  'floors',
  'history',
  'merged',
  'derived',
  'quarantined',
  'counted',
  'committed',
] as const;

export type LoadEffect = (typeof LOAD_EFFECTS)[number];
