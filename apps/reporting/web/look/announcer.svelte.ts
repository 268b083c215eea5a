import { UpdateNews } from './update-news.js';

/** What screen readers hear without the focus moving. */
class Announcer {
  text = $state('');
  readonly #updates = new UpdateNews();
  #pending: ReturnType<typeof setTimeout> | undefined;

  say(text: string): void {
    this.text = text;
  }

  /** Data changed under the reader; at most one sentence a minute, which then speaks for all. */
  updated(rowsChanged: number): void {
    const waitMs = this.#updates.add(rowsChanged, Date.now());
    if (this.#pending !== undefined) return;
    this.#pending = setTimeout(() => {
      this.#pending = undefined;
      this.say(this.#updates.take(Date.now()));
    }, waitMs);
  }
}

export const announcer = new Announcer();
