import { z } from 'zod';
import { count, hex64, position } from './fields.js';

/**
 * What of the source a batch holds. Its text form is hashed into the batch id, so it must name the same records on every retry:
 * never a stream sequence or a clock.
 */
export const range = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('log'), first: position, last: position }),
  z.object({ kind: z.literal('run'), run: z.string().min(1), part: count }),
  /** Bytes [from, to) of a dropped object, named by the sha256 of its content. */
  z.object({ kind: z.literal('drop'), sha256: hex64, from: count, to: count }),
  /** `digest`: sha256 over the sorted event ids. */
  z.object({ kind: z.literal('events'), digest: hex64, count }),
]);
export type Range = z.output<typeof range>;

/** The canonical text of a range: the part of it that identifies the records. */
export function rangeText(r: Range): string {
  switch (r.kind) {
    case 'log':
      return `log:${r.first}..${r.last}`;
    case 'run':
      return `run:${r.run}:${r.part}`;
    case 'drop':
      return `drop:${r.sha256}:${r.from}-${r.to}`;
    case 'events':
      return `events:${r.digest}`;
  }
}
