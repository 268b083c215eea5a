import { VectorBuilder, type ColumnVector } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { ColumnCodec, FieldDecoder } from '../codecs/column-codec.js';
import { MessageCarry } from './message-carry.js';

/** A column of a binary COPY: its name in messages, and how its fields are read. */
export interface CopyColumn {
  /** The quoted name. */
  readonly sql: string;
  readonly codec: ColumnCodec;
}

/** Rows as vectors, one per column. The bytes are whoever's takes the group, and nobody else's. */
export interface CopyGroup {
  readonly rowCount: number;
  readonly vectors: readonly ColumnVector[];
}

export interface GroupLimits {
  readonly maxRows: number;
  /** Of the rows as the server sends them. A row that is longer is a group of its own. */
  readonly maxBytes: number;
}

interface Field {
  readonly sql: string;
  readonly decode: FieldDecoder;
  readonly builder: VectorBuilder;
}

/** Kinds of messages; those without which the data would not come are passed over. */
const COPY_DATA = 0x64;
const PASSED_OVER: ReadonlySet<number | undefined> = new Set([...'HSNA'].map((kind) => kind.charCodeAt(0)));
/** Of a message: its kind, and its length without the kind. */
const HEAD_BYTES = 5;
/** `PGCOPY`, then 32 bits of flags and the length of an extension: no Postgres ever set either. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/**
 * Cuts the bytes of a connection that answers a binary COPY into groups, in one pass and without joining chunks: rows are decoded where
 * they lie, and only one that straddles chunks is put together. A server sends every row as a message of its own, which therefore says
 * how long the row is. Holds one group, the chunk in hand and one row.
 */
export class CopyGroups {
  readonly #fields: readonly Field[];
  readonly #limits: GroupLimits;
  readonly #carry = new MessageCarry();
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #hasHeader = false;
  #hasTrailer = false;
  #rows = 0;
  #bytes = 0;
  #rest: Buffer | undefined;

  constructor(columns: readonly CopyColumn[], limits: GroupLimits) {
    this.#fields = columns.map(({ sql, codec }) => ({
      sql,
      decode: codec.binary,
      builder: new VectorBuilder(codec.logical),
    }));
    this.#limits = limits;
  }

  /** From the first message on that is none of the COPY data: its end, or an error. */
  get rest(): Buffer | undefined {
    return this.#rest;
  }

  /** The next chunk; `next` has said that the one before is used up. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
  }

  /** A full group; undefined: another chunk is needed, or there is a `rest`. Throws RollcallError `source/*` for a value that does not fit. */
  next(): CopyGroup | undefined {
    while (this.#rest === undefined) {
      const chunk = this.#chunk;
      const at = this.#at;
      const left = chunk.length - at;
      if (this.#carry.isEmpty && left >= HEAD_BYTES) {
        const end = at + 1 + chunk.readInt32BE(at + 1);
        if (end <= chunk.length) {
          if (this.#isFullFor(end - at)) return this.#take();
          if (this.#message(chunk, at, end)) this.#at = end;
          else this.#rest = chunk.subarray(at);
          continue;
        }
      }
      if (left > 0) this.#at = this.#carry.fill(chunk, at);
      const { message } = this.#carry;
      if (message === undefined) return undefined;
      if (this.#isFullFor(message.length)) return this.#take();
      if (!this.#message(message, 0, message.length)) this.#rest = Buffer.concat([message, chunk.subarray(this.#at)]);
      this.#carry.clear();
    }
    return undefined;
  }

  /** The rows left when all is read, and the server has said that it was all. */
  end(): CopyGroup | undefined {
    if (!this.#hasTrailer) throw new RangeError('copy: it ended before its trailer');
    return this.#rows > 0 ? this.#take() : undefined;
  }

  /** A row more never makes a group too long; one that is too long itself finds an empty group. */
  #isFullFor(bytes: number): boolean {
    return this.#rows > 0 && (this.#rows >= this.#limits.maxRows || this.#bytes + bytes > this.#limits.maxBytes);
  }

  /** Takes a message in; false: it is none of the COPY data. */
  #message(source: Buffer, from: number, to: number): boolean {
    const kind = source[from];
    if (kind !== COPY_DATA) return PASSED_OVER.has(kind);
    let at = from + HEAD_BYTES;
    if (!this.#hasHeader) {
      if (HEADER.compare(source, at, at + HEADER.length) !== 0) throw new RangeError('copy: not the binary format');
      this.#hasHeader = true;
      at += HEADER.length;
      // Some send it by itself.
      if (at === to) return true;
    }
    this.#row(source, at, to);
    return true;
  }

  #row(source: Buffer, from: number, to: number): void {
    const count = source.readInt16BE(from);
    if (count < 0) {
      this.#hasTrailer = true;
      return;
    }
    if (count !== this.#fields.length)
      throw new RangeError(`copy: a row of ${count} for ${this.#fields.length} columns`);
    let at = from + 2;
    let sql = '';
    try {
      for (const field of this.#fields) {
        sql = field.sql;
        const length = source.readInt32BE(at);
        at += 4;
        if (length < 0) field.builder.null();
        else field.decode(source, at, (at += length), field.builder);
      }
    } catch (error) {
      throw inColumn(sql, error);
    }
    if (at !== to) throw new RangeError(`copy: ${to - at} bytes of a message belong to no field`);
    this.#rows += 1;
    this.#bytes += to - from;
  }

  #take(): CopyGroup {
    const group = { rowCount: this.#rows, vectors: this.#fields.map(({ builder }) => builder.takeOver()) };
    this.#rows = this.#bytes = 0;
    return group;
  }
}

/** Names the column in what its decoder says. */
export function inColumn(name: string, error: unknown): unknown {
  return error instanceof RollcallError
    ? new RollcallError(error.code, `column ${name}: ${error.message}`, { cause: error })
    : error;
}
