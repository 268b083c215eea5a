import { newState, readState, writeState, type UpState } from './state-file.js';

/** The state in memory and on disk: changes are written one after the other, the last one wins. */
export class StateKeeper {
  readonly #path: string;
  #state: UpState;
  #writing: Promise<void> = Promise.resolve();

  static async open(path: string): Promise<StateKeeper> {
    return new StateKeeper(path, (await readState(path)) ?? newState());
  }

  private constructor(path: string, state: UpState) {
    this.#path = path;
    this.#state = state;
  }

  get state(): UpState {
    return this.#state;
  }

  /** Changes some of it; resolves when it is on disk. */
  change(part: Partial<UpState>): Promise<void> {
    this.#state = { ...this.#state, ...part };
    const written = this.#writing.catch(() => undefined).then(() => writeState(this.#path, this.#state));
    this.#writing = written;
    return written;
  }

  /** Begins again with nothing but new keys. Nothing is written before the next change. */
  reset(): void {
    this.#state = newState();
  }
}
