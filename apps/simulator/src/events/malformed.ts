import type { Random } from '../random.js';
import type { AppEvent } from './app-event.js';

/**
 * Ways in which a message can be no event:
 * - `not-json` cut off, or plain text
 * - `not-object` JSON, but no object
 * - `no-id` an object without the id, or with null as id
 * - `wrong-type` a value that its column cannot take
 */
export const MALFORMED_KINDS = ['not-json', 'not-object', 'no-id', 'wrong-type'] as const;
export type MalformedKind = (typeof MALFORMED_KINDS)[number];

const WRONG_VALUES: readonly Readonly<Record<string, string>>[] = [
  { user_id: 'abc' },
  { user_id: '12.5' },
  { received_at: 'yesterday' },
  { timestamp: '2019-02-31 10:00:00.000000' },
  { context_network_wifi: 'sometimes' },
];

/** Cut off after the id, so that no two such messages are the same bytes: what is the same may be counted once. */
const CUT_AFTER = '{"id":"00000000-0000-0000-0000-000000000000"'.length;

/** What is left of an event when a client fails in the given way. One line, never empty, never the same twice. */
export function malformedText(random: Random, kind: MalformedKind, event: AppEvent): string {
  switch (kind) {
    case 'not-json': {
      const text = JSON.stringify(event);
      return random.chance(0.5)
        ? text.slice(0, random.between(CUT_AFTER, text.length - 1))
        : `event ${event.id} could not be read`;
    }
    case 'not-object':
      return random.pick([random.digits(15), `"${event.id}"`]);
    case 'no-id': {
      const { id: _, ...rest } = event;
      return JSON.stringify(random.chance(0.5) ? rest : { id: null, ...rest });
    }
    case 'wrong-type':
      return JSON.stringify({ ...event, ...random.pick(WRONG_VALUES) });
  }
}
