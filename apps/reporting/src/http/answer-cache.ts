import { StoredAnswer } from './stored-answer.js';

/** How an answer is made, when nobody has made it yet. */
export interface Recipe {
  /** Everything that decides the answer: the same key, the same bytes. */
  readonly key: string;
  readonly type: string;
  readonly make: () => Promise<string | Uint8Array>;
}

interface Kept {
  readonly answer: StoredAnswer;
  bytes: number;
}

/**
 * Answers by their key, the longest unused given up first, within a bound of bytes. Readers who come while an answer is being made wait for
 * that one: after a refresh, however many pages ask, each question reaches the warehouse once. Failures are not kept.
 */
export class AnswerCache {
  readonly #maxBytes: number;
  readonly #kept = new Map<string, Kept>();
  readonly #making = new Map<string, Promise<StoredAnswer>>();
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(recipe: Recipe): Promise<StoredAnswer> {
    const kept = this.#kept.get(recipe.key);
    if (kept) {
      this.#kept.delete(recipe.key);
      this.#kept.set(recipe.key, kept);
      return Promise.resolve(kept.answer);
    }
    let making = this.#making.get(recipe.key);
    if (!making) {
      making = this.#make(recipe).finally(() => this.#making.delete(recipe.key));
      this.#making.set(recipe.key, making);
    }
    return making;
  }

  async #make({ key, type, make }: Recipe): Promise<StoredAnswer> {
    const body = await make();
    const answer = new StoredAnswer(type, body, (bytes) => this.#grow(key, answer, bytes));
    this.#kept.set(key, { answer, bytes: 0 });
    this.#grow(key, answer, answer.bytes + key.length);
    return answer;
  }

  #grow(key: string, answer: StoredAnswer, bytes: number): void {
    const kept = this.#kept.get(key);
    if (kept?.answer !== answer) return;
    kept.bytes += bytes;
    this.#bytes += bytes;
    for (const [oldest, { bytes: freed }] of this.#kept) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#kept.delete(oldest);
      this.#bytes -= freed;
    }
  }
}
