import type { Dataset, LogicalType, ReadRow, Value } from '@rollcall/catalog';
import { positionIndex } from '@rollcall/kernel';
import type { LakeColumn } from '@rollcall/lake';

const TEXT: LogicalType = { name: 'text' };
const JSON_TEXT: LogicalType = { name: 'json' };

/** Rows of one batch, gathered by columns. */
export class RowColumns {
  readonly #dataset: Dataset;
  readonly #prefix: string;
  readonly #positions: string[] = [];
  readonly #keys: Value[] = [];
  readonly #rests: Value[] = [];
  readonly #values: Value[][];

  /** @param prefix the part of `_position` that all rows of the batch share */
  constructor(dataset: Dataset, prefix: string) {
    this.#dataset = dataset;
    this.#prefix = prefix;
    this.#values = dataset.columns.map(() => []);
  }

  get count(): number {
    return this.#positions.length;
  }

  /** @param index the row's place in its source: a line, a number in the message or request */
  add(row: ReadRow, index: number): void {
    this.#positions.push(this.#prefix + positionIndex(index));
    this.#keys.push(row.key);
    this.#rests.push(row.rest);
    const { values } = row;
    for (let i = 0; i < values.length; i++) this.#values[i]?.push(values[i] ?? null);
  }

  /** The columns of the lake's `rows` lane: `_position`, `_op`, `_key` (hashed keys only), `_rest`, then the dataset's. */
  columns(): LakeColumn[] {
    const hashed = this.#dataset.keyForm === 'hash';
    return [
      { name: '_position', type: TEXT, values: this.#positions },
      { name: '_op', type: TEXT, values: this.#positions.map(() => 'u') },
      ...(hashed ? [{ name: '_key', type: TEXT, values: this.#keys }] : []),
      { name: '_rest', type: JSON_TEXT, values: this.#rests },
      ...this.#dataset.columns.map((column, i) => ({
        name: column.name,
        type: column.type,
        values: this.#values[i] ?? [],
      })),
    ];
  }
}
