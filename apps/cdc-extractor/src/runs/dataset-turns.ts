/** Reads of a dataset follow each other, in one process. Across processes its cursor is the fence. */
export class DatasetTurns {
  readonly #last = new Map<string, Promise<unknown>>();

  isBusy(dataset: string): boolean {
    return this.#last.has(dataset);
  }

  async take<T>(dataset: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.#last.get(dataset) ?? Promise.resolve()).then(work);
    const ended = turn.then(
      () => undefined,
      () => undefined,
    );
    this.#last.set(dataset, ended);
    try {
      return await turn;
    } finally {
      if (this.#last.get(dataset) === ended) this.#last.delete(dataset);
    }
  }
}
