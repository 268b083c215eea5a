import { vectorWidth, type ColumnVector } from '@rollcall/catalog';
import type { VectorColumn, VectorGroup } from '../batch/vector-group.js';
import { MAX_GROUP_BYTES, MAX_GROUP_ROWS, spansOf } from './plan-groups.js';

/**
 * A group as groups of at most 16 MB before compression and 16,384 rows; a row that is bigger than that is a group of its own.
 * Nothing is copied: what is cut are views.
 */
export function* cutGroup({ rowCount, columns }: VectorGroup): Iterable<VectorGroup> {
  const bytes = columns.reduce((sum, { vector }) => sum + vector.body.byteLength, 0);
  if (rowCount <= MAX_GROUP_ROWS && bytes <= MAX_GROUP_BYTES) {
    if (rowCount > 0) yield { rowCount, columns };
    return;
  }
  const cutters = columns.map((column) => new VectorCutter(column));
  const sizes = new Float64Array(rowCount);
  for (const { starts } of cutters)
    for (let row = 0; row < rowCount; row += 1)
      sizes[row] = (sizes[row] ?? 0) + (starts[row + 1] ?? 0) - (starts[row] ?? 0);
  for (const { start, end } of spansOf(sizes))
    yield { rowCount: end - start, columns: cutters.map((cutter) => cutter.rows(start, end)) };
}

/** A column and where in its body each row begins. */
class VectorCutter {
  readonly starts: Float64Array;
  readonly #column: VectorColumn;

  /** Throws RangeError when the vector says less than it holds. */
  constructor(column: VectorColumn) {
    this.#column = column;
    this.starts = startsOf(column);
    const { rowCount, body } = column.vector;
    if (this.starts[rowCount] !== body.byteLength)
      throw new RangeError(
        `column ${column.name}: its rows are ${this.starts[rowCount]} bytes, not ${body.byteLength}`,
      );
  }

  rows(start: number, end: number): VectorColumn {
    const { name, type, vector } = this.#column;
    const present = vector.present?.subarray(start, end);
    const presentCount = present ? present.reduce((sum, one) => sum + one, 0) : end - start;
    const cut: ColumnVector = {
      rowCount: end - start,
      presentCount,
      body: vector.body.subarray(this.starts[start], this.starts[end]),
      ...(presentCount < end - start && present && { present }),
    };
    return { name, type, vector: cut };
  }
}

function startsOf({ name, type, vector: { rowCount, present, body } }: VectorColumn): Float64Array {
  const starts = new Float64Array(rowCount + 1);
  const width = vectorWidth(type);
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  let at = 0;
  for (let row = 0; row < rowCount; row += 1) {
    if (present?.[row] !== 0) {
      if (width === 'variable' && at + 4 > body.byteLength)
        throw new RangeError(`column ${name}: a value has no length`);
      const size = width === 'variable' ? 4 + view.getInt32(at, true) : width;
      if (size < 0) throw new RangeError(`column ${name}: a negative length`);
      at += size;
    }
    starts[row + 1] = at;
  }
  return starts;
}
