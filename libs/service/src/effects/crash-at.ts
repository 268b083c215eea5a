/**
 * For the chaos tests alone: `ROLLCALL_CRASH_AT=drop.object.after:2` ends this process, as `kill -9` would, when that point is passed the
 * second time. Throws a plain error on a text that names none of the points: silence would make the test pass for nothing.
 */
export function crashAt<P extends string>(
  points: readonly P[],
  text: string,
  kill: () => void,
): (point: P) => Promise<void> {
  const [wanted, countText = '1'] = text.split(':');
  let left = Number(countText);
  if (!points.some((point) => point === wanted) || !Number.isInteger(left) || left < 1)
    throw new Error(`ROLLCALL_CRASH_AT: ${text} is not <point>[:<n>]`);
  return async (passed) => {
    if (passed !== wanted || --left !== 0) return;
    kill();
    // Nothing may happen after the kill, also while the signal is under way.
    await new Promise<never>(() => undefined);
  };
}
