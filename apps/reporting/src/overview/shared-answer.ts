/**
 * One answer for many askers: made at most once at a time, and given again while it is younger than `maxAgeMs` and nothing happened.
 * A failure goes to all who wait for it and is not kept.
 */
export class SharedAnswer<T> {
  readonly #make: () => Promise<T>;
  readonly #maxAgeMs: number;
  readonly #nowMs: () => number;
  #kept: { readonly answer: T; readonly madeMs: number } | undefined;
  #making: Promise<T> | undefined;

  constructor(make: () => Promise<T>, maxAgeMs: number, nowMs: () => number = () => performance.now()) {
    this.#make = make;
    this.#maxAgeMs = maxAgeMs;
    this.#nowMs = nowMs;
  }

  get(): Promise<T> {
    const kept = this.#kept;
    if (kept && this.#nowMs() - kept.madeMs < this.#maxAgeMs) return Promise.resolve(kept.answer);
    this.#making ??= this.#run();
    return this.#making;
  }

  /** Something changed: who asks from now on gets an answer that was begun after this. */
  outdate(): void {
    this.#kept = undefined;
    this.#making = undefined;
  }

  #run(): Promise<T> {
    const madeMs = this.#nowMs();
    const making = this.#make().then(
      (answer) => {
        if (this.#settle(making)) this.#kept = { answer, madeMs };
        return answer;
      },
      (error: unknown) => {
        this.#settle(making);
        throw error;
      },
    );
    return making;
  }

  /** False: the answer was outdated while it was made. */
  #settle(making: Promise<T>): boolean {
    if (this.#making !== making) return false;
    this.#making = undefined;
    return true;
  }
}
