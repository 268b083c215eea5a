/** What is known of the row that stands under a key now. */
export interface Lineage {
  /** Its last row in the open batch; -1: it was not touched since the batch began. */
  row: number;
  /**
   * Where it stood before the batch, as the text of `_prev_key`. undefined: under the key it has. null: nowhere, it was inserted in the batch.
   */
  base: string | null | undefined;
}

/**
 * Follows rows through one open batch, by the bytes of their key: which row of the batch holds the last values of a key, and, for rows whose key
 * changed, under which key they stood before the batch. So what the log does not repeat is found in the batch, or is looked for at the one place
 * where it was before it.
 */
export class RowLineage {
  readonly #byKey = new Map<string, Lineage>();

  /** A row that was not there before: it has all its values. */
  inserted(key: string, row: number): void {
    const known = this.#byKey.get(key);
    if (!known) this.#byKey.set(key, { row, base: null });
    else {
      known.row = row;
      known.base = null;
    }
  }

  /** The row under a key, before this update of it is noted by `updated`. */
  of(key: string): Lineage {
    const known = this.#byKey.get(key);
    if (known) return known;
    const fresh = { row: -1, base: undefined };
    this.#byKey.set(key, fresh);
    return fresh;
  }

  /** The row under `from` stands under `to` now; `fromText` is what `_prev_key` says of `from`. */
  moved(from: string, to: string, fromText: () => string): Lineage {
    const { row, base } = this.of(from);
    this.#byKey.delete(from);
    const lineage = { row, base: base === undefined ? fromText() : base };
    this.#byKey.set(to, lineage);
    return lineage;
  }

  deleted(key: string): void {
    this.#byKey.delete(key);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
