import { untrack } from 'svelte';
import { RequestProblem } from './request-problem.js';
import { askAgainMs } from './retry-plan.js';

/** A skeleton only after this time: what comes sooner would flicker. */
const SKELETON_MS = 200;
/** Old data is dimmed only after this time. */
const DIM_MS = 400;

/**
 * Something that is fetched and fetched again. Old data stays while new data is under way. Asking for something else drops what is under way;
 * asking for the same waits for it and asks once more, so that frequent updates cannot starve a slow answer. Problems that pass are tried
 * again. Made inside a component: `stop` ends it.
 */
export class Resource<T> {
  data: T | undefined = $state.raw();
  problem: RequestProblem | undefined = $state.raw();
  isLoading = $state(false);
  /** First load and it takes its time: show the skeleton. */
  showsSkeleton = $state(false);
  /** Refetch and it takes its time: dim what stands. */
  isDim = $state(false);
  readonly #load: (signal: AbortSignal) => Promise<T>;
  #running: { readonly key: string; readonly abort: AbortController } | undefined;
  #key = '';
  #isAskedAgain = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #tries = 0;

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.#load = load;
  }

  /**
   * Never throws: what went wrong is in `problem`. An effect that calls it does not depend on what it reads.
   * @param key what is asked for, where `load` does not always ask for the same
   */
  fetch(key = ''): Promise<void> {
    return untrack(() => {
      if (this.#running?.key === key) {
        this.#isAskedAgain = true;
        return Promise.resolve();
      }
      this.#tries = 0;
      return this.#fetch(key);
    });
  }

  /** The same once more. */
  retry(): void {
    void this.fetch(this.#key);
  }

  stop(): void {
    clearTimeout(this.#retry);
    this.#running?.abort.abort();
    this.#running = undefined;
  }

  async #fetch(key: string): Promise<void> {
    this.stop();
    const running = { key, abort: new AbortController() };
    const { signal } = running.abort;
    this.#running = running;
    this.#key = key;
    this.#isAskedAgain = false;
    this.isLoading = true;
    const slow = setTimeout(() => this.#tellSlow(), this.data === undefined ? SKELETON_MS : DIM_MS);
    try {
      const data = await this.#load(signal);
      if (!signal.aborted) this.#settle(key, data);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof RequestProblem)) throw error;
      this.#settle(key, undefined, error);
    } finally {
      clearTimeout(slow);
    }
  }

  #tellSlow(): void {
    if (this.data === undefined) this.showsSkeleton = true;
    else this.isDim = true;
  }

  #settle(key: string, data: T | undefined, problem?: RequestProblem): void {
    if (problem === undefined) this.data = data;
    this.problem = problem;
    this.#running = undefined;
    this.isLoading = false;
    this.showsSkeleton = false;
    this.isDim = false;
    if (problem === undefined) this.#tries = 0;
    const againMs = problem === undefined ? undefined : askAgainMs(problem.status, this.#tries, Math.random());
    if (againMs !== undefined) {
      this.#tries += 1;
      this.#retry = setTimeout(() => void this.#fetch(key), againMs);
    } else if (this.#isAskedAgain) {
      void this.#fetch(key);
    }
  }
}
