import { LONE_FROM_TRY } from '@rollcall/kernel';

const MAX_ENTRIES = 100_000;

/**
 * Tells which redeliveries this process can explain. A message that was retried because the world was broken has done no harm: it may
 * share a batch again, or an outage of a minute would end in thousands of batches of one. Deliveries nobody explains (the process died,
 * the acknowledgement never came) count towards handling it alone.
 * Keyed by stream sequence; bounded: what falls out is handled alone, which is only slower.
 */
export class TryLog {
  readonly #retries = new Map<number, number>();
  readonly #lone = new Set<number>();

  /** Whether a message on its `tries`-th delivery is to be handled alone. */
  isLone(sequence: number, tries: number): boolean {
    if (tries === 1) return false;
    return this.#lone.has(sequence) || tries - (this.#retries.get(sequence) ?? 0) >= LONE_FROM_TRY;
  }

  /** Whether it is handled alone, and this process has not yet seen any handling of it end. */
  isSuspect(sequence: number, tries: number): boolean {
    return !this.#retries.has(sequence) && this.isLone(sequence, tries);
  }

  /** This process asked for the next delivery itself. */
  retried(sequence: number): void {
    this.#retries.set(sequence, (this.#retries.get(sequence) ?? 0) + 1);
    trim(this.#retries);
  }

  /** From now on alone: its batch failed as a whole. */
  markLone(sequence: number): void {
    this.#lone.add(sequence);
    trim(this.#lone);
  }

  forget(sequence: number): void {
    if (this.#retries.size > 0) this.#retries.delete(sequence);
    if (this.#lone.size > 0) this.#lone.delete(sequence);
  }

  /** The stream is another one now: its sequences begin anew. */
  clear(): void {
    this.#retries.clear();
    this.#lone.clear();
  }
}

function trim(entries: Map<number, number> | Set<number>): void {
  if (entries.size <= MAX_ENTRIES) return;
  for (const oldest of entries.keys()) {
    entries.delete(oldest);
    return;
  }
}
