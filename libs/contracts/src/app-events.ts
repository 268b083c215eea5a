import { sha256Hex } from '@rollcall/kernel';
import { z } from 'zod';
import { contract, type Contract } from './contract.js';

/** A JSON object of an application. Its columns are the catalog's business; here it only has to be an object. */
export const applicationEvent = z.record(z.string(), z.json());

/** One event, or many in one message. */
export const applicationEvents = z.union([applicationEvent, z.array(applicationEvent).min(1)]);

const PREFIX = 'events.v1.';

/**
 * Events of one dataset. The message id is the body's sha256: the same publication repeated is one message, and two events never are,
 * even where a client gave both the same id (then the key of the dataset decides, in the warehouse).
 */
export function appEvents(dataset: string): Contract<typeof applicationEvents> {
  return contract({
    subject: `${PREFIX}${dataset}`,
    stream: 'EVENTS',
    schema: applicationEvents,
    dedupe: (m) => `${dataset}:${sha256Hex(JSON.stringify(m))}`,
  });
}
