import type { z } from 'zod';

/** A message: where it goes, what it says, and what makes two of it the same. */
export interface Contract<S extends z.ZodType> {
  /** `<area>.v<major>.<event>`, exact. */
  readonly subject: string;
  readonly stream: StreamName;
  readonly schema: S;
  /** The `Nats-Msg-Id`. The broker's dedupe is an optimisation; nothing rests on it. */
  readonly dedupe: (message: z.output<S>) => string;
}

export type StreamName = 'RUNS' | 'RUNLOG' | 'EVENTS' | 'LAKE' | 'WAREHOUSE' | 'REPORTING' | 'DEAD';

export function contract<S extends z.ZodType>(definition: Contract<S>): Contract<S> {
  return Object.freeze(definition);
}
