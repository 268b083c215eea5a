import { untrack } from 'svelte';
import { RequestProblem } from './request-problem.js';

/** A skeleton only after this time: what comes sooner would flicker. */
const SKELETON_MS = 200;
/** Old data is dimmed only after this time. */
const DIM_MS = 400;

/**
 * Something that is fetched and fetched again. Old data stays while new data is under way; an answer that is overtaken by a newer
 * request is dropped. Made inside a component: it ends with it.
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
  #running: AbortController | undefined;

  constructor(load: (signal: AbortSignal) => Promise<T>) {
    this.#load = load;
  }

  /** Never throws: what went wrong is in `problem`. An effect that calls it does not depend on what it reads. */
  fetch(): Promise<void> {
    return untrack(() => this.#fetch());
  }

  stop(): void {
    this.#running?.abort();
  }

  async #fetch(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.isLoading = true;
    const slow = setTimeout(
      () => {
        if (this.data === undefined) this.showsSkeleton = true;
        else this.isDim = true;
      },
      this.data === undefined ? SKELETON_MS : DIM_MS,
    );
    try {
      const data = await this.#load(running.signal);
      if (running.signal.aborted) return;
      this.data = data;
      this.problem = undefined;
    } catch (error) {
      if (running.signal.aborted) return;
      if (!(error instanceof RequestProblem)) throw error;
      this.problem = error;
    } finally {
      clearTimeout(slow);
      if (this.#running === running) {
        this.isLoading = false;
        this.showsSkeleton = false;
        this.isDim = false;
      }
    }
  }
}
