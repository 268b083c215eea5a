/** So much of something at a time; who asks first gets it first. */
export class Budget {
  #left: number;
  readonly #total: number;
  readonly #waiting: { readonly amount: number; readonly go: () => void }[] = [];

  constructor(total: number) {
    this.#total = total;
    this.#left = total;
  }

  /** Waits for its share and gives it back when the act is over. More than there is at all is all there is. */
  async within<T>(amount: number, act: () => Promise<T>): Promise<T> {
    const giveBack = await this.take(amount);
    try {
      return await act();
    } finally {
      giveBack();
    }
  }

  /** The same for what does not end where it began; the answer gives it back, once. */
  async take(amount: number): Promise<() => void> {
    const share = Math.min(amount, this.#total);
    if (this.#waiting.length === 0 && share <= this.#left) this.#left -= share;
    else await new Promise<void>((go) => void this.#waiting.push({ amount: share, go }));
    let taken = true;
    return () => {
      if (!taken) return;
      taken = false;
      this.#left += share;
      this.#next();
    };
  }

  #next(): void {
    for (let first = this.#waiting[0]; first !== undefined && first.amount <= this.#left; first = this.#waiting[0]) {
      this.#waiting.shift();
      this.#left -= first.amount;
      first.go();
    }
  }
}
