import { appEvents, type Range } from '@rollcall/contracts';
import { isoMicros, parsePosition, type Position } from '@rollcall/kernel';

/** What of a batch says how the index of a `_position` in it counts. */
export interface PlacedBatch {
  readonly dataset: string;
  readonly range: Range;
  readonly origin: string;
}

/**
 * Where a record stands in its origin, in words. Says no more than the position does:
 * - dropped file: the index is the line on which the record begins, counted from 1, the header among them (after decompression)
 * - events over HTTP: the index counts the events of the batch from 0
 * - events of the bus: the point is the instant at which the broker took the message; the index begins somewhere in 31 bits (ADR 6),
 *   so which event of its message it is, only the batch's object can tell: `bus`
 * - log of a database: the point is the LSN of the commit, the index counts the changes of the transaction from 0
 * - run: the index counts the records of the part from 0
 */
export type Place =
  | { readonly kind: 'line'; readonly line: number }
  | { readonly kind: 'event'; readonly event: number }
  | { readonly kind: 'bus'; readonly takenAt: string }
  | { readonly kind: 'change'; readonly change: number; readonly lsn: string }
  | { readonly kind: 'record'; readonly record: number; readonly part: number }
  /** The text is no position. */
  | { readonly kind: 'unknown' };

export function placeOf(position: string, { dataset, range, origin }: PlacedBatch): Place {
  const parsed = parsePosition(position);
  if (parsed === undefined) return { kind: 'unknown' };
  const { point, index } = parsed;
  switch (range.kind) {
    case 'drop':
      return { kind: 'line', line: index };
    case 'events':
      return origin === appEvents(dataset).subject
        ? { kind: 'bus', takenAt: isoMicros(point) }
        : { kind: 'event', event: index + 1 };
    case 'log':
      return { kind: 'change', change: index + 1, lsn: lsnOf(parsed) };
    case 'run':
      return { kind: 'record', record: index + 1, part: range.part };
  }
}

/**
 * In words that are true with `of <origin>` behind them: `line 118` of `answers/2026-01.csv`. Empty: not known.
 * @param eventOfMessage which event of its message, from 1, where the object told
 */
export function placeInWords(place: Place, eventOfMessage?: number): string {
  switch (place.kind) {
    case 'line':
      return `line ${place.line}`;
    case 'event':
      return `event ${place.event} of the batch`;
    case 'bus':
      return eventOfMessage === undefined
        ? `message of ${place.takenAt}`
        : `event ${eventOfMessage} of the message of ${place.takenAt}`;
    case 'change':
      return `change ${place.change} of the transaction at ${place.lsn}`;
    case 'record':
      return `record ${place.record} of part ${place.part + 1}`;
    case 'unknown':
      return '';
  }
}

/** As Postgres writes it: `0/16B3748`. */
function lsnOf({ point }: Position): string {
  return `${(point >> 32n).toString(16).toUpperCase()}/${(point & 0xffff_ffffn).toString(16).toUpperCase()}`;
}
