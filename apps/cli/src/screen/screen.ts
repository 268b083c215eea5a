/** Where output goes. Lines scroll; one progress line stays below them on a terminal. */
export interface Screen {
  line(text: string): void;
  /** Shows or replaces the progress line; undefined takes it away. Without a terminal it is an ordinary line, at most every two seconds. */
  progress(text: string | undefined): void;
}

export interface ScreenTarget {
  readonly write: (text: string) => void;
  readonly terminal: boolean;
  readonly columns: () => number;
  readonly nowMs: () => number;
}

const QUIET_MS = 2_000;
const CLEAR = '\r\u001b[2K';

/** Makes a screen over a stream. */
export function createScreen(target: ScreenTarget): Screen {
  let shown: string | undefined;
  let saidAt = Number.NEGATIVE_INFINITY;
  let said: string | undefined;
  return {
    line(text) {
      if (!target.terminal || shown === undefined) target.write(`${text}\n`);
      else target.write(`${CLEAR}${text}\n${shown}`);
    },
    progress(text) {
      if (target.terminal) {
        if (shown === undefined && text === undefined) return;
        shown = text === undefined ? undefined : text.slice(0, Math.max(20, target.columns() - 1));
        target.write(CLEAR + (shown ?? ''));
        return;
      }
      if (text === undefined || text === said || target.nowMs() - saidAt < QUIET_MS) return;
      said = text;
      saidAt = target.nowMs();
      target.write(`${text}\n`);
    },
  };
}

/** `[########........] 40 %`, for `done` of `total`. */
export function bar(done: number, total: number, width = 24): string {
  const share = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const full = Math.floor(share * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.floor(share * 100)
    .toString()
    .padStart(3)} %`;
}
