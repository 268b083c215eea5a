import type { LoaderEffect } from './loader.js';

/**
 * For the chaos tests alone: `ROLLCALL_CRASH_AT=merged:2` kills this process, as `kill -9` would, right after the second `merged` effect.
 * Throws a plain error on a text it does not understand: silence would make the test pass for nothing.
 */
export function crashAt(text: string, kill: () => void): (effect: LoaderEffect) => Promise<void> {
  const [effect, countText = '1'] = text.split(':');
  let left = Number(countText);
  if (!effect || !Number.isInteger(left) || left < 1)
    throw new Error(`ROLLCALL_CRASH_AT: ${text} is not <effect>[:<n>]`);
  return async (reached) => {
    if (reached !== effect || --left > 0) return;
    kill();
    // Nothing may happen after the kill, also while the signal is under way.
    await new Promise<never>(() => undefined);
  };
}
