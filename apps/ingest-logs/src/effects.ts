/**
 * Every effect this service has on the world, by door, in the order in which they happen. Crash tests die before and after each of them;
 * an effect that is not named here is not tested, so none may be performed except through `Effects`.
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
  'run.claim',
  'run.finished',
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
 * A hook that calls `die` when the point has been passed `n` times. Only for chaos tests: `ROLLCALL_CRASH_AT=<effect>.<before|after>:<n>`.
 * @returns undefined for text that names no point
 */
export function crashHook(text: string, die: () => void): EffectHook | undefined {
  const parts = /^([a-z]+\.[a-z]+)\.(before|after):(\d+)$/.exec(text);
  if (!parts || !INGEST_EFFECTS.some((name) => name === parts[1])) return undefined;
  let left = Number(parts[3]);
  return function dieAt(point) {
    if (point === `${parts[1]}.${parts[2]}` && --left === 0) die();
  };
}
