import type { Bound } from './plain-encoder.js';

/** The least and greatest value of a column chunk, for readers that skip what cannot match. Absent where there is none. */
export interface Bounds {
  readonly min_value?: Bound;
  readonly max_value?: Bound;
}

/** Keeps the bounds of what it is told. */
export class BoundsKeeper {
  #least: Bound | undefined;
  #greatest: Bound | undefined;

  add(bound: Bound): void {
    if (this.#least === undefined || bound < this.#least) this.#least = bound;
    if (this.#greatest === undefined || bound > this.#greatest) this.#greatest = bound;
  }

  /** As Parquet wants them: of two zeros, the negative one is less. */
  get bounds(): Bounds {
    if (this.#least === undefined || this.#greatest === undefined) return {};
    return {
      min_value: this.#least === 0 ? -0 : this.#least,
      max_value: this.#greatest === 0 ? 0 : this.#greatest,
    };
  }
}

/**
 * Bounds of texts in the order of their UTF-8 bytes. JavaScript compares UTF-16: that differs only where characters beyond U+FFFF
 * or lone surrogates are there, so only then are bytes compared.
 * @param encoded the same texts in UTF-8, with whatever between them
 */
export function textBounds(texts: Iterable<string>, encoded: Buffer): Bounds {
  if (ordersAlike(encoded)) {
    const keeper = new BoundsKeeper();
    for (const text of texts) keeper.add(text);
    return keeper.bounds;
  }
  let least: Buffer | undefined;
  let greatest: Buffer | undefined;
  for (const text of texts) {
    const bytes = Buffer.from(text);
    if (!least || bytes.compare(least) < 0) least = bytes;
    if (!greatest || bytes.compare(greatest) > 0) greatest = bytes;
  }
  return least && greatest ? { min_value: least.toString(), max_value: greatest.toString() } : {};
}

/** Characters beyond U+FFFF begin with F0 to F4, lone surrogates became EF BF BD. A length among the texts may look like one: that costs time only. */
function ordersAlike(encoded: Buffer): boolean {
  return ![0xf0, 0xf1, 0xf2, 0xf3, 0xf4, REPLACEMENT].some((bytes) => encoded.includes(bytes));
}

const REPLACEMENT = Buffer.from('\ufffd');
