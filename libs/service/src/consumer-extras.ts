import type { Contract } from '@rollcall/contracts';
import type { BatchLimits, Delivery } from '@rollcall/messaging';
import type { z } from 'zod';

/**
 * The second argument of `@EventPattern<string>(subject, extras)` on a method served by the JetStream strategy. (Write the type argument:
 * without it TypeScript refuses a method with parameters of its own, TS1241.)
 *
 * | extras            | the method takes                | and returns (or a promise of it) |
 * | `batch` absent    | a `Delivery`                    | a `Verdict`                      |
 * | `batch`           | `readonly Delivery[]`           | `readonly Verdict[]`, same order |
 * | `contract`        | `Received<T>` in their place    |                                  |
 */
export interface ConsumerExtras {
  /** A durable of the topology; it also says which stream. */
  readonly durable: string;
  readonly batch?: Partial<BatchLimits>;
  /** Calls at once (1). */
  readonly concurrency?: number;
  /** Messages are parsed by it before the method sees them; those that do not fit are buried as message/invalid. */
  readonly contract?: Contract<z.ZodType>;
  /** See `ConsumeOptions.stopGraceMs`. */
  readonly stopGraceMs?: number;
}

/** A delivery and what it says. */
export interface Received<T> {
  readonly delivery: Delivery;
  readonly message: T;
}
