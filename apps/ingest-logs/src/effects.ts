/**
 * Every effect this service has on the world, by door, in the order in which they happen. Crash tests die before and after each of them;
 * an effect that is not named here is not tested, so none is performed except through `Effects` (a point taken and not used means nothing).
 */
export const INGEST_EFFECTS = [
  'drop.record',
  'drop.object',
  'drop.announce',
  'drop.progress',
  'drop.seen',
  'bus.object',
  'bus.announce',
  'http.publish',
  'http.object',
  'http.announce',
  'run.request',
  'run.claim',
  'run.renew',
  'run.finished',
  'run.end',
] as const;
export type EffectName = (typeof INGEST_EFFECTS)[number];

export type CrashPoint = `${EffectName}.${'before' | 'after'}`;

/** Told of every point passed. Tests die in it; in production there is none. */
export type EffectHook = (point: CrashPoint) => void | Promise<void>;

/** Performs effects by name. */
export class Effects {
  readonly #hook: EffectHook | undefined;

  constructor(hook?: EffectHook) {
    this.#hook = hook;
  }

  async run<T>(name: EffectName, effect: () => Promise<T>): Promise<T> {
    if (!this.#hook) return effect();
    await this.#hook(`${name}.before`);
    const result = await effect();
    await this.#hook(`${name}.after`);
    return result;
  }
}

/**
 * For the chaos tests alone: `ROLLCALL_CRASH_AT=drop.object.after:2` ends this process, as `kill -9` would, when that point is passed the
 * second time. Throws a plain error on a text that names no point: silence would make the test pass for nothing.
 */
export function crashHook(text: string, kill: () => void): EffectHook {
  const [point, countText = '1'] = text.split(':');
  let left = Number(countText);
  const isKnown = INGEST_EFFECTS.some((name) => point === `${name}.before` || point === `${name}.after`);
  if (!isKnown || !Number.isInteger(left) || left < 1)
    throw new Error(`ROLLCALL_CRASH_AT: ${text} is not <point>[:<n>]`);
  return async function dieAt(passed) {
    if (passed !== point || --left !== 0) return;
    kill();
    // Nothing may happen after the kill, also while the signal is under way.
    await new Promise<never>(() => undefined);
  };
}
