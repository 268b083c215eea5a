import type { Dataset, LogicalType, ReadRow, Value } from '@rollcall/catalog';
import type { LakeColumn } from '@rollcall/lake';
import { KnownTexts } from './known-texts.js';

const TEXT: LogicalType = { name: 'text' };
const JSON_TEXT: LogicalType = { name: 'json' };

/** Rows of one batch, gathered by columns. */
export class RowColumns {
  readonly #dataset: Dataset;
  readonly #positions: string[] = [];
  readonly #keys: Value[] = [];
  readonly #rests: Value[] = [];
  readonly #values: Value[][];
  readonly #texts: readonly KnownTexts[];

  constructor(dataset: Dataset) {
    this.#dataset = dataset;
    this.#values = dataset.columns.map(() => []);
    this.#texts = dataset.columns.map(() => new KnownTexts());
  }

  get count(): number {
    return this.#positions.length;
  }

  /** @param position where the row stands in the dataset's order, the same on every retry */
  add(row: ReadRow, position: string): void {
    this.#positions.push(position);
    this.#keys.push(row.key);
    this.#rests.push(row.rest);
    const { values } = row;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] ?? null;
      this.#values[i]?.push(typeof value === 'string' ? (this.#texts[i]?.one(value) ?? value) : value);
    }
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
