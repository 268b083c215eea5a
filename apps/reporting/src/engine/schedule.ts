/** What is known of one report's refreshes. Times in milliseconds of one clock. */
export interface Turn {
  /** Since when a newer state is to be had; undefined: nothing to do. */
  readonly dirtySinceMs?: number | undefined;
  /** Begin and end of the last refresh, good or not. */
  readonly startedMs?: number | undefined;
  readonly endedMs?: number | undefined;
  /** After a failure: not before. */
  readonly retryAtMs?: number | undefined;
  readonly minRefreshSeconds: number;
  readonly running: boolean;
  /** Reports it stands on. */
  readonly under: readonly string[];
}

/** A refresh of d seconds is followed by at least this many times d without one: at most a fifth of the time goes into a report. */
const REST = 4;

/**
 * When a report may be refreshed: at once, unless it was less than `minRefreshSeconds` ago or the last one took so long that a rest is due.
 * What comes meanwhile is covered by the one refresh after. undefined: nothing to do.
 */
export function dueAt(turn: Turn): number | undefined {
  if (turn.dirtySinceMs === undefined) return undefined;
  const { startedMs, endedMs, minRefreshSeconds } = turn;
  const spaced = startedMs === undefined ? 0 : startedMs + minRefreshSeconds * 1000;
  const rested = startedMs === undefined || endedMs === undefined ? 0 : endedMs + REST * (endedMs - startedMs);
  return Math.max(turn.dirtySinceMs, spaced, rested, turn.retryAtMs ?? 0);
}

export interface Plan {
  /** To be started now, in the order of their names. */
  readonly start: readonly string[];
  /** When to ask again, if nothing else happens; undefined: only then. */
  readonly wakeAtMs?: number;
}

/**
 * Which reports to refresh now, `room` at most. A report waits for those it stands on, at any depth, while they are running or have something
 * new to bring - but not for one that fails and only waits to be tried again.
 */
export function planRefreshes(turns: ReadonlyMap<string, Turn>, nowMs: number, room: number): Plan {
  const start: string[] = [];
  const waits: number[] = [];
  for (const name of [...turns.keys()].sort()) {
    const turn = turns.get(name);
    const due = turn && dueAt(turn);
    if (turn === undefined || due === undefined || turn.running || isAhead(turns, turn, nowMs)) continue;
    if (due > nowMs) waits.push(due);
    else if (start.length < room) start.push(name);
  }
  return waits.length === 0 ? { start } : { start, wakeAtMs: Math.min(...waits) };
}

function isAhead(turns: ReadonlyMap<string, Turn>, of: Turn, nowMs: number, seen = new Set<string>()): boolean {
  return of.under.some((name) => {
    const turn = turns.get(name);
    if (turn === undefined || seen.has(name)) return false;
    seen.add(name);
    const waitsForRetry = (turn.retryAtMs ?? 0) > nowMs;
    return turn.running || (turn.dirtySinceMs !== undefined && !waitsForRetry) || isAhead(turns, turn, nowMs, seen);
  });
}
