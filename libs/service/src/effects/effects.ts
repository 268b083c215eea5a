/** A place before or after a named effect, where a process can die. */
export type CrashPoint<N extends string> = `${N}.${'before' | 'after'}`;

/** Told of every point passed. Tests die in it; in production there is none. */
export type EffectHook<N extends string> = (point: CrashPoint<N>) => void | Promise<void>;

/** Performs effects by name. A part that is shared asks for its own names; whatever knows them all is assignable. */
export interface EffectRunner<N extends string> {
  run<T>(name: N, effect: () => Promise<T>): Promise<T>;
}

/**
 * The effects of a service, each by its name. Crash tests die before and after each of them: an effect that has no name is not tested, so none
 * is performed except through this (a point taken and not used means nothing).
 */
export class Effects<N extends string> implements EffectRunner<N> {
  readonly #hook: EffectHook<N> | undefined;

  constructor(hook?: EffectHook<N>) {
    this.#hook = hook;
  }

  async run<T>(name: N, effect: () => Promise<T>): Promise<T> {
    if (!this.#hook) return effect();
    await this.#hook(`${name}.before`);
    const result = await effect();
    await this.#hook(`${name}.after`);
    return result;
  }
}

/** Both points of every effect, in the order given. */
export function crashPoints<N extends string>(names: readonly N[]): readonly CrashPoint<N>[] {
  return names.flatMap((name): CrashPoint<N>[] => [`${name}.before`, `${name}.after`]);
}
