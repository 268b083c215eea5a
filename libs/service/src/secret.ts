import { inspect } from 'node:util';

const SHOWN = '[secret]';

/** A value that must not be seen: logs, JSON, string templates and errors show `[secret]`. Only `reveal()` gives it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
    Object.freeze(this);
  }

  /** The value itself: for the one call that needs it, never to keep. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return SHOWN;
  }

  toJSON(): string {
    return SHOWN;
  }

  [inspect.custom](): string {
    return SHOWN;
  }
}
