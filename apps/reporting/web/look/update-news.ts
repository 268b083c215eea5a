const QUIET_MS = 60_000;

/** Gathers updates into sentences that are at least a minute apart. */
export class UpdateNews {
  #rows = 0;
  #lastMs = -Infinity;

  /** @returns how long to wait, in milliseconds, before the news may be told */
  add(rowsChanged: number, nowMs: number): number {
    this.#rows += rowsChanged;
    return Math.max(0, this.#lastMs + QUIET_MS - nowMs);
  }

  /** The sentence for all that was added since the last one; `nowMs` is told in UTC. */
  take(nowMs: number): string {
    const rows = this.#rows;
    this.#rows = 0;
    this.#lastMs = nowMs;
    const time = new Date(nowMs).toISOString().slice(11, 16);
    if (rows === 0) return `Updated ${time} UTC`;
    return `Updated ${time} UTC, ${rows} ${rows === 1 ? 'row' : 'rows'} changed`;
  }
}
