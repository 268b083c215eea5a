/** Why bytes of a file cannot be cut into a record. A closed set: these are metric labels and the `reason` of the rejected lane. */
export type FramingFault =
  'unclosed-quote' | 'misplaced-quote' | 'invalid-utf8' | 'record-too-long' | 'too-few-fields' | 'too-many-fields';

/** A stretch of a file: bytes [from, to), line end included. */
export interface Stretch {
  /** The physical line (from 1) that begins at `from`. */
  readonly line: number;
  /** The physical line that begins at `to`. */
  readonly nextLine: number;
  readonly from: number;
  readonly to: number;
}

/** One record as text, without its line end. */
export interface TextRecord extends Stretch {
  readonly kind: 'record';
  readonly text: string;
  /** Whether a double quote stands in it: only then do its fields need the slow reader. */
  readonly quoted: boolean;
}

/** Bytes that are no record. `bytes` holds the beginning of what stood there, at most `KEPT_BYTES`. */
export interface Unreadable extends Stretch {
  readonly kind: 'rejected';
  readonly reason: FramingFault;
  readonly bytes: Uint8Array;
}

export type Framed = TextRecord | Unreadable;

/** The longest record that is read; a longer one is rejected and reading goes on behind it. */
export const MAX_RECORD_BYTES = 16 * 1024 * 1024;

/** How much of an unreadable stretch is kept for quarantine. Its true length is `to - from`. */
export const KEPT_BYTES = 1024 * 1024;
