import type { BatchWritten } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { fetchBatch, openBatch, readFooter, type ColumnName, type ObjectStore, type OpenBatch } from '@rollcall/lake';
import { Budget } from './budget.js';
import type { BatchSource } from './ports.js';

/** An object of up to this many bytes is fetched once, for its columns and its rows. */
const SMALL_BYTES = 256 * 1024;

export interface LakeSourceOptions {
  /** Bytes of larger objects that all loads together have in memory. */
  readonly maxBytes: number;
}

/** Reads announced batches from the lake: checked against their sha256, one object of a load and one row group of it in memory at a time. */
export function lakeSource(store: ObjectStore, { maxBytes }: LakeSourceOptions): BatchSource {
  const budget = new Budget(maxBytes);
  return {
    stage: (announced) => {
      const object = new LakeObject(store, announced, budget);
      return {
        announced,
        columns: () => object.columns(),
        groups: { [Symbol.asyncIterator]: () => object.read((batch) => batch.groups()) },
        vectors: () => object.read((batch) => batch.vectorGroups()),
      };
    },
  };
}

class LakeObject {
  #small: Promise<OpenBatch> | undefined;
  readonly #store: ObjectStore;
  readonly #announced: BatchWritten;
  readonly #budget: Budget;

  constructor(store: ObjectStore, announced: BatchWritten, budget: Budget) {
    this.#store = store;
    this.#announced = announced;
    this.#budget = budget;
  }

  async columns(): Promise<readonly ColumnName[]> {
    const { key, bytes } = this.#announced;
    if (bytes <= SMALL_BYTES) return (await this.#keep()).columns;
    const footer = await readFooter(this.#store, key);
    if (footer === undefined) throw new RollcallError('lake/not-found', `batch ${key} is not in ${this.#store.url}`);
    return footer.columns;
  }

  async *read<T>(groupsOf: (batch: OpenBatch) => AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
    const { bytes } = this.#announced;
    const giveBack = bytes <= SMALL_BYTES ? undefined : await this.#budget.take(bytes);
    try {
      const batch = await (this.#small ?? this.#open());
      this.#small = undefined;
      yield* groupsOf(batch);
    } finally {
      giveBack?.();
    }
  }

  /** Kept until its rows are read. */
  #keep(): Promise<OpenBatch> {
    this.#small ??= this.#open();
    return this.#small;
  }

  async #open(): Promise<OpenBatch> {
    return openBatch(await fetchBatch(this.#store, this.#announced));
  }
}
