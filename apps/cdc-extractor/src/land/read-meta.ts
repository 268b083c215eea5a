import { nullVector, VectorBuilder, type ColumnVector, type LogicalType } from '@rollcall/catalog';
import { positionIndex, positionPrefix } from '@rollcall/kernel';
import type { ColumnName, VectorColumn, VectorGroup } from '@rollcall/lake';

const TEXT: LogicalType = { name: 'text' };
const HEX = Buffer.from('0123456789abcdef');
const POSITION_BYTES = 30;
const INDEX_DIGITS = 8;
/** The least index of a row: 0 is for the `t` that belongs to the read. */
const FIRST_INDEX = 1;
const LAST_INDEX = 0xffff_ffff;

/** The op, that many times. */
export function opVector(op: 'u' | 'd', rowCount: number): ColumnVector {
  const body = Buffer.alloc(rowCount * 5);
  const code = op.charCodeAt(0);
  for (let at = 0; at < body.length; at += 5) {
    body[at] = 1;
    body[at + 4] = code;
  }
  return { rowCount, presentCount: rowCount, body };
}

/** The places of one read, given to its rows in turn, whoever reads them. One that has given the last index begins again with the first. */
export class ReadPositions {
  readonly #prefix: string;
  #next = FIRST_INDEX;

  constructor(epoch: number, point: bigint) {
    this.#prefix = positionPrefix(epoch, point);
  }

  /** `_position` of so many rows. */
  take(rowCount: number): ColumnVector {
    const body = Buffer.allocUnsafe(rowCount * (4 + POSITION_BYTES));
    const one = Buffer.alloc(4 + POSITION_BYTES);
    one.writeInt32LE(POSITION_BYTES, 0);
    one.write(this.#prefix, 4, 'latin1');
    for (let row = 0, at = 0; row < rowCount; row += 1, at += one.length) {
      let left = this.#next;
      for (let digit = 1; digit <= INDEX_DIGITS; digit += 1, left >>>= 4) one[one.length - digit] = HEX[left & 15] ?? 0;
      one.copy(body, at);
      this.#next = this.#next === LAST_INDEX ? FIRST_INDEX : this.#next + 1;
    }
    return { rowCount, presentCount: rowCount, body };
  }

  /** The position of the `t` that belongs to the read. */
  clear(): string {
    return this.#prefix + positionIndex(0);
  }
}

/**
 * The one row of a `t` of the whole dataset: everything below the position goes. It carries the columns of the table, all NULL: also of a table
 * without rows it is then known what it looks like.
 */
export function clearGroup(position: string, columns: readonly ColumnName[]): VectorGroup {
  const own = { _position: position, _op: 't', _scope: '[]' };
  return {
    rowCount: 1,
    columns: [
      ...Object.entries(own).map(([name, text]) => textColumn(name, [text])),
      ...columns.map(({ name, type }) => ({ name, type, vector: nullVector(1) })),
    ],
  };
}

/** A group without rows: for batches that only say what they need. */
export function emptyGroup(): VectorGroup {
  return { rowCount: 0, columns: ['_position', '_op'].map((name) => textColumn(name, [])) };
}

function textColumn(name: string, texts: readonly string[]): VectorColumn {
  const builder = new VectorBuilder(TEXT);
  for (const text of texts) builder.text(text);
  return { name, type: TEXT, vector: builder.take() };
}
