const WINDOW_MS = 60_000;
const MAX_SOURCES = 10_000;

/**
 * Counts tokens that were refused, per address, so that guessing does not become work for the database. 256 random bits cannot be guessed;
 * whoever shows a good token that is remembered is let in also while the address is held up.
 */
export class FailedAttempts {
  readonly #limit: number;
  readonly #nowMs: () => number;
  readonly #bySource = new Map<string, { count: number; readonly sinceMs: number }>();

  /** @param limit failures in a minute after which an address has to wait */
  constructor(limit: number, nowMs: () => number) {
    this.#limit = limit;
    this.#nowMs = nowMs;
  }

  /** Seconds that this address has to wait; 0: none. */
  waitSeconds(source: string): number {
    const found = this.#current(source);
    if (!found || found.count < this.#limit) return 0;
    return Math.max(1, Math.ceil((found.sinceMs + WINDOW_MS - this.#nowMs()) / 1000));
  }

  add(source: string): void {
    const found = this.#current(source);
    if (found) {
      found.count += 1;
      return;
    }
    if (this.#bySource.size >= MAX_SOURCES) this.#forgetOldest();
    this.#bySource.set(source, { count: 1, sinceMs: this.#nowMs() });
  }

  #current(source: string): { count: number; readonly sinceMs: number } | undefined {
    const found = this.#bySource.get(source);
    if (found && this.#nowMs() - found.sinceMs < WINDOW_MS) return found;
    this.#bySource.delete(source);
    return undefined;
  }

  #forgetOldest(): void {
    for (const source of this.#bySource.keys()) {
      this.#bySource.delete(source);
      return;
    }
  }
}
