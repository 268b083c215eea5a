const MAX_TEXTS = 1024;
const MAX_LENGTH = 64;
/** After so many texts that were new, a column that has not seen most of its texts before is left alone. */
const TRIAL = 256;

/**
 * One copy of each text that a column repeats: device names, versions, event names. The copies that come with every record then die at
 * once, and what a batch keeps until it is written is a fraction. Columns of ever new texts are soon left alone.
 */
export class KnownTexts {
  readonly #texts = new Map<string, string>();
  #looks = 0;
  #given = false;

  /** The same text, of which there is one. */
  one(text: string): string {
    if (this.#given || text.length > MAX_LENGTH) return text;
    this.#looks += 1;
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    const { size } = this.#texts;
    if (size >= MAX_TEXTS || (size >= TRIAL && size * 2 > this.#looks)) this.#giveUp();
    else this.#texts.set(text, text);
    return text;
  }

  #giveUp(): void {
    this.#given = true;
    this.#texts.clear();
  }
}
