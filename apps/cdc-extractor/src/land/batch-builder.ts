import { VectorBuilder, vectorValues, type ColumnVector, type Dataset, type LogicalType } from '@rollcall/catalog';
import type { VectorColumn, VectorGroup } from '@rollcall/lake';
import type { CopyGroup } from '@rollcall/source-postgres';
import type { CapturePlan } from '../plan/capture-plan.js';
import { opVector, type ReadPositions } from './read-meta.js';

const TEXT: LogicalType = { name: 'text' };
/** What one row takes beside the columns of the table. */
const META_BYTES = 39;

/** Groups of one batch of a read, up to the dataset's limits of rows and bytes. */
export class BatchBuilder {
  readonly #plan: CapturePlan;
  readonly #flush: Dataset['flush'];
  readonly #positions: ReadPositions;
  #groups: VectorGroup[] = [];
  #rows = 0;
  #bytes = 0;

  constructor(plan: CapturePlan, flush: Dataset['flush'], positions: ReadPositions) {
    this.#plan = plan;
    this.#flush = flush;
    this.#positions = positions;
  }

  get rowCount(): number {
    return this.#rows;
  }

  get isFull(): boolean {
    return this.#rows >= this.#flush.rows || this.#bytes >= this.#flush.bytes;
  }

  /** Adds rows as `u`. What stands behind the plan's columns is for the reader alone, and is not landed. */
  add({ rowCount, vectors }: CopyGroup): void {
    const columns = this.#plan.columns.flatMap(({ name, type }, at): VectorColumn[] => {
      const vector = vectors[at];
      return vector ? [{ name, type, vector }] : [];
    });
    const key = this.#keyVector(rowCount, vectors);
    this.#groups.push({
      rowCount,
      columns: [
        { name: '_position', type: TEXT, vector: this.#positions.take(rowCount) },
        { name: '_op', type: TEXT, vector: opVector('u', rowCount) },
        ...(key ? [{ name: '_key', type: TEXT, vector: key }] : []),
        ...columns,
      ],
    });
    this.#rows += rowCount;
    this.#bytes += columns.reduce((sum, { vector }) => sum + vector.body.length, rowCount * META_BYTES);
  }

  /** The groups so far; the builder begins anew. */
  take(): readonly VectorGroup[] {
    const groups = this.#groups;
    this.#groups = [];
    this.#rows = this.#bytes = 0;
    return groups;
  }

  #keyVector(rowCount: number, vectors: readonly ColumnVector[]): ColumnVector | undefined {
    const { hashKey, hashOver, columns } = this.#plan;
    if (!hashKey) return undefined;
    const values = hashOver.map((at) => {
      const [column, vector] = [columns[at], vectors[at]];
      return column && vector ? vectorValues(column.type, vector) : [];
    });
    const builder = new VectorBuilder(TEXT);
    for (let row = 0; row < rowCount; row += 1) builder.text(hashKey(values.map((of) => of[row] ?? null)));
    return builder.take();
  }
}
