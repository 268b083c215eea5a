import { z } from 'zod';
import { contract, type Contract } from './contract.js';
import { count, instant, traceparent } from './fields.js';

const PREFIX = 'dead.v1.';

/** A message that could not be handled. Its bytes are sealed (or left out without QUARANTINE_KEY), never in clear. */
export const deadLetter = z.object({
  subject: z.string().min(1),
  stream: z.string().min(1),
  sequence: count,
  code: z.string().min(1),
  message: z.string(),
  tries: count,
  /** Length of the original payload. */
  bytes: count,
  /** base64 of the sealed payload; the sealing context is `<stream>:<sequence>`. */
  sealed: z.string().optional(),
  headers: z.record(z.string(), z.string()),
  trace: traceparent.optional(),
  buriedAt: instant,
});
export type DeadLetter = z.output<typeof deadLetter>;

export function deadLetterOf(subject: string): Contract<typeof deadLetter> {
  return contract({
    subject: `${PREFIX}${subject}`,
    stream: 'DEAD',
    schema: deadLetter,
    dedupe: (m) => `${m.stream}:${m.sequence}`,
  });
}
