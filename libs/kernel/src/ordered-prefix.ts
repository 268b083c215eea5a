/**
 * Work finishes in any order, the cursor may only move over the unbroken head of finished items.
 * `begin` in order; `finish` in any order; `finish` returns the newest cursor that is now safe, if it moved.
 */
export class OrderedPrefix<C> {
  readonly #items: { cursor: C; done: boolean }[] = [];

  begin(cursor: C): { readonly finish: () => C | undefined } {
    const item = { cursor, done: false };
    this.#items.push(item);
    return {
      finish: () => {
        item.done = true;
        return this.#advance();
      },
    };
  }

  /** Items begun and not yet passed by the cursor. */
  get pending(): number {
    return this.#items.length;
  }

  #advance(): C | undefined {
    let safe: C | undefined;
    while (this.#items[0]?.done) safe = this.#items.shift()?.cursor;
    return safe;
  }
}
