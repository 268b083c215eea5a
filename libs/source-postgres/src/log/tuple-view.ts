import type { MessageCursor } from './message-cursor.js';

/** A field of a row in the log. */
export const NULL_FIELD = 0x6e; // n
/** An out-of-line value that the update did not touch: the log does not repeat it. */
export const UNCHANGED_FIELD = 0x75; // u
export const TEXT_FIELD = 0x74; // t

/** A row of the log without copies: where in the message each field is. One view serves many messages, so keep nothing of it. */
export interface TupleView {
  /** The message. */
  readonly source: Buffer;
  /** Fields, in the order of the relation's columns. */
  readonly count: number;
  /** Of the first `count` fields: NULL_FIELD, UNCHANGED_FIELD or TEXT_FIELD. */
  readonly kinds: Uint8Array;
  /** Bytes [from, to) of `source` hold the text of a TEXT_FIELD. */
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/** The view, and how a message fills it. */
export class TupleBuffer implements TupleView {
  source: Buffer = Buffer.alloc(0);
  count = 0;
  kinds = new Uint8Array(64);
  from = new Int32Array(64);
  to = new Int32Array(64);

  /** Reads TupleData at the cursor. @throws RollcallError source/unfit */
  read(cursor: MessageCursor): void {
    const count = cursor.uint16();
    if (count > this.kinds.length) this.grow(count);
    this.source = cursor.bytes;
    this.count = count;
    for (let field = 0; field < count; field++) {
      const kind = cursor.uint8();
      this.kinds[field] = kind;
      if (kind === TEXT_FIELD) {
        const length = cursor.int32();
        const from = cursor.take(length);
        this.from[field] = from;
        this.to[field] = from + length;
      } else if (kind !== NULL_FIELD && kind !== UNCHANGED_FIELD) {
        cursor.fail(`has a field of unknown kind 0x${kind.toString(16)}`);
      }
    }
  }

  private grow(count: number): void {
    this.kinds = new Uint8Array(count);
    this.from = new Int32Array(count);
    this.to = new Int32Array(count);
  }
}
