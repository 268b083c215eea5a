import { VectorBuilder, type ColumnVector } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import type { ColumnCodec, FieldDecoder } from '../types/column-codec.js';
import { RowCarry } from './row-carry.js';

/** A column of a binary COPY: its name in messages, and how its fields are read. */
export interface CopyColumn {
  /** The quoted name. */
  readonly sql: string;
  readonly codec: ColumnCodec;
}

/** Rows as vectors, one per column. */
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

/** `PGCOPY`, then 32 bits of flags and the length of an extension: no Postgres ever set either. */
const HEADER = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');

/**
 * Cuts the stream of a binary COPY into groups, in one pass and without joining chunks: rows are decoded where they lie,
 * and only one that straddles chunks is put together. Holds one group, the chunk in hand and one row.
 */
export class CopyGroups {
  readonly #fields: readonly Field[];
  readonly #limits: GroupLimits;
  readonly #carry = new RowCarry();
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  #headerBytes = 0;
  #rows = 0;
  #bytes = 0;
  #hasEnded = false;

  constructor(columns: readonly CopyColumn[], limits: GroupLimits) {
    this.#fields = columns.map(({ sql, codec }) => ({
      sql,
      decode: codec.binary,
      builder: new VectorBuilder(codec.logical),
    }));
    this.#limits = limits;
  }

  /** The next chunk; `next` has said that the one before is used up. */
  push(chunk: Buffer): void {
    this.#chunk = chunk;
    this.#at = 0;
    this.#skipHeader();
  }

  /** A full group; undefined: another chunk is needed. Throws RollcallError `source/*` for a value that its column cannot hold. */
  next(): CopyGroup | undefined {
    while (!this.#hasEnded) {
      const end = this.#carry.isEmpty ? this.#rowEnd() : -1;
      if (end >= 0) {
        if (this.#isFullFor(end - this.#at)) return this.#take();
        this.#append(this.#chunk, this.#at, end);
        this.#at = end;
        continue;
      }
      this.#at = this.#carry.fill(this.#chunk, this.#at);
      if (!this.#carry.isComplete) return undefined;
      if (this.#isFullFor(this.#carry.length)) return this.#take();
      this.#append(this.#carry.bytes, 0, this.#carry.length);
      this.#carry.clear();
    }
    return undefined;
  }

  /** The rows left when the stream has ended. Throws RollcallError `source/unavailable` when it was cut off. */
  end(): CopyGroup | undefined {
    if (!this.#hasEnded) throw new RollcallError('source/unavailable', 'the stream of a COPY ended before its trailer');
    return this.#rows > 0 ? this.#take() : undefined;
  }

  /** Where the row at hand ends; -1 when the chunk does not hold it whole. */
  #rowEnd(): number {
    const chunk = this.#chunk;
    const end = chunk.length;
    let at = this.#at + 2;
    if (at > end) return -1;
    const fields = chunk.readInt16BE(this.#at);
    for (let field = 0; field < fields; field += 1) {
      if (at + 4 > end) return -1;
      const length = chunk.readInt32BE(at);
      at += length > 0 ? length + 4 : 4;
    }
    return at > end ? -1 : at;
  }

  #isFullFor(bytes: number): boolean {
    return this.#rows > 0 && (this.#rows >= this.#limits.maxRows || this.#bytes + bytes > this.#limits.maxBytes);
  }

  #append(source: Buffer, from: number, to: number): void {
    const count = source.readInt16BE(from);
    if (count < 0) {
      this.#hasEnded = true;
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
    this.#rows += 1;
    this.#bytes += to - from;
  }

  #take(): CopyGroup {
    const group = { rowCount: this.#rows, vectors: this.#fields.map(({ builder }) => builder.take()) };
    this.#rows = this.#bytes = 0;
    return group;
  }

  #skipHeader(): void {
    while (this.#headerBytes < HEADER.length && this.#at < this.#chunk.length) {
      if (this.#chunk[this.#at++] !== HEADER[this.#headerBytes++]) throw new RangeError('copy: not the binary format');
    }
  }
}

/** Names the column in what its decoder says. */
export function inColumn(name: string, error: unknown): unknown {
  return error instanceof RollcallError
    ? new RollcallError(error.code, `column ${name}: ${error.message}`, { cause: error })
    : error;
}
