/** Which refresh of each report this page knows; tells what it missed when it hears again what stands. */
export class LiveMemory {
  readonly #known = new Map<string, string>();

  /** Of an answer or an event. @returns whether it is another one than the one known */
  saw(report: string, refreshId: string): boolean {
    const known = this.#known.get(report);
    this.#known.set(report, refreshId);
    return known !== undefined && known !== refreshId;
  }

  /** @returns the reports that moved on while nobody listened */
  missed(refreshes: Readonly<Record<string, string>>): readonly string[] {
    return Object.entries(refreshes)
      .filter(([report, refreshId]) => this.saw(report, refreshId))
      .map(([report]) => report);
  }
}

const FIRST_RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/** Doubles from about 1 s to about 30 s; half of it is chance, so that pages do not all come back at once. `random` is 0..1. */
export function retryAfterMs(attempt: number, random: number): number {
  const fullMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(attempt, 10));
  return Math.round(fullMs / 2 + (fullMs / 2) * random);
}
