import { MALFORMED_KINDS, type MalformedKind } from './malformed.js';

/** What was sent, exactly, so that a test can say what must arrive. */
export interface EventTally {
  /** Messages handed to the target: `distinctIds + duplicates + malformed`. */
  sent: number;
  /** Well-formed events counted once: the rows that must stand in the warehouse. */
  distinctIds: number;
  /** Events sent again with the same id and content. */
  duplicates: number;
  /** Of the duplicates, those with the message id of the first time: the broker itself may refuse them. */
  duplicatesSameMessageId: number;
  /** Messages that must end in quarantine. */
  malformed: number;
  malformedByKind: Record<MalformedKind, number>;
  /** Well-formed events whose `event_text` is not the twin of `event`: odd, but rows. */
  mismatched: number;
}

export function emptyTally(): EventTally {
  const malformedByKind = Object.fromEntries(MALFORMED_KINDS.map((kind) => [kind, 0])) as EventTally['malformedByKind'];
  return {
    sent: 0,
    distinctIds: 0,
    duplicates: 0,
    duplicatesSameMessageId: 0,
    malformed: 0,
    malformedByKind,
    mismatched: 0,
  };
}
