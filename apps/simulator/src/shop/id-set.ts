import type { Random } from '../random.js';

/** Numbers of which a random one can be drawn in constant time. */
export class IdSet {
  readonly #list: number[] = [];
  readonly #place = new Map<number, number>();

  get size(): number {
    return this.#list.length;
  }

  has(id: number): boolean {
    return this.#place.has(id);
  }

  add(id: number): void {
    if (this.#place.has(id)) return;
    this.#place.set(id, this.#list.length);
    this.#list.push(id);
  }

  delete(id: number): void {
    const place = this.#place.get(id);
    if (place === undefined) return;
    const last = this.#list.pop();
    this.#place.delete(id);
    if (last === undefined || last === id) return;
    this.#list[place] = last;
    this.#place.set(last, place);
  }

  clear(): void {
    this.#list.length = 0;
    this.#place.clear();
  }

  /** One that passes; undefined when a few draws found none. */
  draw(random: Random, passes: (id: number) => boolean): number | undefined {
    for (let tries = 0; tries < 20 && this.#list.length > 0; tries += 1) {
      const id = random.pick(this.#list);
      if (passes(id)) return id;
    }
    return undefined;
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.#list.values();
  }
}
