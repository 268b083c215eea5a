import type { Revision } from './ops-report.js';
import type { Turn } from './schedule.js';

const RETRY_FIRST_MS = 30_000;
const RETRY_LAST_MS = 15 * 60_000;

/** What the engine remembers of one report's refreshes, in this process. */
export class Track {
  /** The folder's revision, while it is not what is served. */
  candidate: Revision | undefined;
  running = false;
  /** Try also when nothing is new. */
  force = false;
  failures = 0;
  #dirtySinceMs: number | undefined;
  #trace: string | undefined;
  #startedMs: number | undefined;
  #endedMs: number | undefined;
  #retryAtMs: number | undefined;

  /** Something new is to be had. The first mark since the last refresh gives it its trace. */
  mark(nowMs: number, trace?: string): void {
    this.#trace ??= trace;
    this.#dirtySinceMs ??= nowMs;
    this.#retryAtMs = undefined;
  }

  /** Nothing new came, but what was tried did not work out. */
  retry(nowMs: number, pauseMs: number): void {
    this.#dirtySinceMs ??= nowMs;
    this.#retryAtMs = nowMs + pauseMs;
  }

  /** The state cannot be served: a new load is a new chance at once, otherwise ever longer pauses. */
  retryReport(nowMs: number): void {
    this.failures += 1;
    this.force = true;
    this.retry(nowMs, Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** (this.failures - 1)));
  }

  succeeded(): void {
    this.failures = 0;
    this.force = false;
  }

  /** Begins a refresh that covers all marks until now. Returns the trace it belongs to. */
  start(nowMs: number): string | undefined {
    const trace = this.#trace;
    this.#trace = undefined;
    this.#dirtySinceMs = undefined;
    this.#retryAtMs = undefined;
    this.#startedMs = nowMs;
    this.running = true;
    return trace;
  }

  end(nowMs: number): void {
    this.#endedMs = nowMs;
    this.running = false;
  }

  turn(minRefreshSeconds: number, under: readonly string[]): Turn {
    return {
      dirtySinceMs: this.#dirtySinceMs,
      startedMs: this.#startedMs,
      endedMs: this.running ? undefined : this.#endedMs,
      retryAtMs: this.#retryAtMs,
      minRefreshSeconds,
      running: this.running,
      under,
    };
  }
}
