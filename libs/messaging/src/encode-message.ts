import type { Contract } from '@rollcall/contracts';
import { RollcallError, dead, ok, type Outcome } from '@rollcall/kernel';
import { type z } from 'zod';
import type { Delivery } from './delivery.js';

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true });

/** A message parsed by its contract, and its JSON bytes. Throws RollcallError message/invalid naming the places, never the values. */
export function encodeMessage<S extends z.ZodType>(
  contract: Contract<S>,
  message: z.input<S>,
): { readonly value: z.output<S>; readonly bytes: Uint8Array } {
  const parsed = contract.schema.safeParse(message);
  if (!parsed.success) {
    throw new RollcallError('message/invalid', `${contract.subject}: ${placesOf(parsed.error)}`);
  }
  return { value: parsed.data, bytes: ENCODER.encode(JSON.stringify(parsed.data)) };
}

/** A stage: the message of a delivery, or `dead message/invalid` with the places that do not fit as its cause. */
export function parseMessage<S extends z.ZodType>(
  contract: Contract<S>,
  delivery: Pick<Delivery, 'data'>,
): Outcome<z.output<S>> {
  let raw: unknown;
  try {
    raw = JSON.parse(DECODER.decode(delivery.data));
  } catch {
    return dead('message/invalid', new RollcallError('message/invalid', `${contract.subject}: not JSON`));
  }
  const parsed = contract.schema.safeParse(raw);
  if (parsed.success) return ok(parsed.data);
  return dead(
    'message/invalid',
    new RollcallError('message/invalid', `${contract.subject}: ${placesOf(parsed.error)}`),
  );
}

/** `field.path: what is wrong`, at most five. zod's messages name types and rules; received values are not in them. */
function placesOf(error: z.ZodError): string {
  const places = error.issues.slice(0, 5).map((issue) => `${issue.path.join('.') || 'message'}: ${issue.code}`);
  const rest = error.issues.length - places.length;
  return places.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
