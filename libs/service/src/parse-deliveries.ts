import type { Contract } from '@rollcall/contracts';
import type { Verdict } from '@rollcall/kernel';
import { parseMessage, type Delivery } from '@rollcall/messaging';
import type { z } from 'zod';
import type { Received } from './consumer-extras.js';

export interface ParsedDeliveries {
  /** What the method gets: the deliveries themselves, or the ones that fit the contract with their message. */
  readonly inputs: readonly (Delivery | Received<unknown>)[];
  /** Puts the method's verdicts on `inputs` back among those on messages it never saw. */
  readonly verdicts: (given: readonly Verdict[]) => readonly Verdict[];
}

export function parseDeliveries(
  contract: Contract<z.ZodType> | undefined,
  deliveries: readonly Delivery[],
): ParsedDeliveries {
  if (!contract) return { inputs: deliveries, verdicts: (given) => given };
  const outcomes = deliveries.map((delivery) => parseMessage(contract, delivery));
  const inputs = outcomes.flatMap((outcome, index) => {
    const delivery = deliveries[index];
    return outcome.kind === 'ok' && delivery ? [{ delivery, message: outcome.value }] : [];
  });
  const verdicts = (given: readonly Verdict[]): readonly Verdict[] => {
    const rest = given.values();
    return outcomes.map((outcome) => (outcome.kind === 'ok' ? (rest.next().value ?? outcome) : outcome));
  };
  return { inputs, verdicts };
}
