import type { AnswersFlow } from './answers-flow.js';
import type { EventFlow } from './event-flow.js';
import type { RegistrationFlow } from './registration-flow.js';
import type { ShopFlow } from './shop-flow.js';

/** Injection token of what `serve` runs. */
export const SIMULATOR = Symbol('simulator');

export interface Simulator {
  readonly events: EventFlow;
  /** Absent where nobody said where files go, or how often. */
  readonly answers: AnswersFlow | undefined;
  /** Absent where nobody said where its database is. */
  readonly shop: ShopFlow | undefined;
  /** Absent where nobody said where its database is. */
  readonly registration: RegistrationFlow | undefined;
  /** Whether callers may change the rate. */
  readonly mayBeTurned: boolean;
}
