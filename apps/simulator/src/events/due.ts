/**
 * How many messages to send now to keep the mean rate.
 * @param elapsedMs since the start
 * @param sent so far
 * @param perSecond the rate; Infinity for as fast as the target takes them, 0 for none
 * @param most at once: bounds the memory, and what a target has to catch up with after it was slow
 */
export function dueNow(elapsedMs: number, sent: number, perSecond: number, most: number): number {
  if (perSecond === Infinity) return most;
  if (perSecond === 0) return 0;
  return Math.max(0, Math.min(most, Math.floor((elapsedMs * perSecond) / 1000) + 1 - sent));
}

/** Milliseconds until the next message is due, at least 1; Infinity when none is. */
export function untilDueMs(elapsedMs: number, sent: number, perSecond: number): number {
  if (perSecond === 0) return Infinity;
  return Math.max(1, (sent * 1000) / perSecond - elapsedMs);
}
