import { columnName } from '../column-name.js';
import type { Dataset } from '../dataset.js';

/** Which column a field feeds, and how early it stands among the names of that column. */
export interface FieldSlot {
  readonly index: number;
  readonly rank: number;
}

/** Behind every name that the catalog gives. */
const BY_NORMAL_NAME = 1_000_000;

/** Names of fields that are remembered: records with ever new names must not fill the memory. */
const MAX_REMEMBERED = 10_000;

/**
 * Finds the column of a field: by the names that the catalog gives (case as is), else by the column name that the field's name becomes
 * (`Event ID` -> event_id). null: no column takes it.
 */
export class FieldSlots {
  readonly #known = new Map<string, FieldSlot | null>();
  readonly #byColumn: ReadonlyMap<string, number>;

  constructor(dataset: Dataset) {
    this.#byColumn = new Map(dataset.columns.map(({ name }, index) => [name, index]));
    dataset.columns.forEach(({ name, from }, index) => {
      this.#known.set(name, { index, rank: 0 });
      from.forEach((field, at) => {
        if (!this.#known.has(field)) this.#known.set(field, { index, rank: at + 1 });
      });
    });
  }

  find(field: string): FieldSlot | null {
    const known = this.#known.get(field);
    return known === undefined ? this.#resolve(field) : known;
  }

  #resolve(field: string): FieldSlot | null {
    const index = this.#byColumn.get(columnName(field));
    const slot = index === undefined ? null : { index, rank: BY_NORMAL_NAME };
    if (this.#known.size < MAX_REMEMBERED) this.#known.set(field, slot);
    return slot;
  }
}
