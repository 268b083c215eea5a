const DAY_MS = 86_400_000;

/** The midnight before a moment, UTC: what is made until then is the same all day. */
export function lastMidnight(nowMs: number): number {
  return Math.floor(nowMs / DAY_MS) * DAY_MS;
}
