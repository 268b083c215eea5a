import { VectorBuilder, vectorValues, type ColumnVector, type Dataset, type LogicalType } from '@rollcall/catalog';
import { VectorBatchWriter, type VectorColumn } from '@rollcall/lake';
import type { CopyGroup } from '@rollcall/source-postgres';
import type { CapturePlan } from '../plan/capture-plan.js';
import { opVector, type ReadPositions } from './read-meta.js';

const TEXT: LogicalType = { name: 'text' };
/** What one row takes beside the columns of the table. */
const META_BYTES = 39;

/** Rows of a read on their way into batches, each up to the dataset's limits of rows and bytes. Holds what is compressed, and two groups. */
export class BatchBuilder {
  readonly #plan: CapturePlan;
  readonly #flush: Dataset['flush'];
  readonly #positions: ReadPositions;
  #writer: VectorBatchWriter | undefined;
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

  /**
   * Adds rows as `u`. What stands behind the plan's columns is for the reader alone, and is not landed. The vectors are the builder's from then on. To be
   * awaited before the next call.
   */
  async add({ rowCount, vectors }: CopyGroup): Promise<void> {
    const planned = this.#plan.columns.flatMap(({ name, type }, at): VectorColumn[] => {
      const vector = vectors[at];
      return vector ? [{ name, type, vector }] : [];
    });
    const key = this.#keyVector(rowCount, vectors);
    const columns: readonly VectorColumn[] = [
      { name: '_position', type: TEXT, vector: this.#positions.take(rowCount) },
      { name: '_op', type: TEXT, vector: opVector('u', rowCount) },
      ...(key ? [{ name: '_key', type: TEXT, vector: key }] : []),
      ...planned,
    ];
    this.#rows += rowCount;
    this.#bytes += planned.reduce((sum, { vector }) => sum + vector.body.length, rowCount * META_BYTES);
    this.#writer ??= new VectorBatchWriter(columns);
    await this.#writer.add({ rowCount, columns }, 'given');
  }

  /** The batch so far, to be landed; undefined when there are no rows. The builder begins anew. */
  take(): VectorBatchWriter | undefined {
    const writer = this.#writer;
    this.#writer = undefined;
    this.#rows = this.#bytes = 0;
    return writer;
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
