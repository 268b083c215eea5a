import { Refusal } from '../../http/refusal.js';

const RETRY_AFTER_SECONDS = 10;

/** How many exports run at once: each holds a connection to the warehouse for as long as its reader takes. */
export class ExportSlots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** Throws Refusal 503 when all are taken. */
  async hold<T>(act: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#max) {
      const detail = `${this.#max} exports run already; try again in a moment`;
      throw new Refusal(503, 'busy', detail, { retryAfterSeconds: RETRY_AFTER_SECONDS });
    }
    this.#taken += 1;
    try {
      return await act();
    } finally {
      this.#taken -= 1;
    }
  }
}
