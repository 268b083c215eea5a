/**
 * Exponential backoff with jitter: 250 ms x 2^tries, at most 30 s, of which the upper half is random.
 * @param tries attempts so far, 1 for the first
 * @param random a number in [0, 1)
 * @returns milliseconds to wait
 */
export function backoffMs(tries: number, random: number): number {
  const ceiling = Math.min(30_000, 250 * 2 ** Math.min(tries, 10));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
