import type { AnswersFlow } from './answers-flow.js';
import type { EventFlow } from './event-flow.js';

/** Injection token of what `serve` runs. */
export const SIMULATOR = Symbol('simulator');

export interface Simulator {
  readonly events: EventFlow;
  /** Absent where nobody said where files go, or how often. */
  readonly answers: AnswersFlow | undefined;
  /** Whether callers may change the rate. */
  readonly mayBeTurned: boolean;
}
