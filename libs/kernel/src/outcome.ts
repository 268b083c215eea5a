/**
 * What a stage says of its input. Data problems are verdicts, never exceptions.
 * - `ok` go on with the value
 * - `skip` nothing to do, on purpose
 * - `dead` this input can never be taken; `reason` is a closed set of kebab-case words (a metric label)
 * - `route` it belongs elsewhere; the caller must have a publisher for every `to`
 */
export type Outcome<T, R extends string = never> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'skip'; readonly reason: string }
  | { readonly kind: 'dead'; readonly reason: string; readonly cause?: unknown }
  | { readonly kind: 'route'; readonly to: R; readonly reason: string };

/** A synchronous function from value to verdict: no clock, no I/O; whatever it needs is an argument. */
export type Stage<I, O, R extends string = never> = (input: I) => Outcome<O, R>;

export function ok<T>(value: T): Outcome<T> {
  return { kind: 'ok', value };
}

export function skip(reason: string): Outcome<never> {
  return { kind: 'skip', reason };
}

export function dead(reason: string, cause?: unknown): Outcome<never> {
  return cause === undefined ? { kind: 'dead', reason } : { kind: 'dead', reason, cause };
}
