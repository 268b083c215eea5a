import { REFRESH_EFFECTS, type RefreshEffect } from './engine/refresh-report.js';

/**
 * For the chaos tests alone: `ROLLCALL_CRASH_AT=applied:2` kills this process, as `kill -9` would, right after the second `applied` effect.
 * Throws a plain error on a text it does not understand: silence would make the test pass for nothing.
 */
export function crashAt(text: string, kill: () => void): (effect: RefreshEffect) => Promise<void> {
  const [effect, countText = '1'] = text.split(':');
  let left = Number(countText);
  if (!REFRESH_EFFECTS.some((known) => known === effect) || !Number.isInteger(left) || left < 1)
    throw new Error(`ROLLCALL_CRASH_AT: ${text} is not <effect>[:<n>]`);
  return async (reached) => {
    if (reached !== effect || --left > 0) return;
    kill();
    // Nothing may happen after the kill, also while the signal is under way.
    await new Promise<never>(() => undefined);
  };
}
