import { jetstream } from '@nats-io/jetstream';
import { connectBroker } from '@rollcall/messaging';
import type { TrueEvent } from './events-truth.js';

/**
 * Every event of a dataset that stands on the bus, as it was sent, read from the stream itself; what is no event (no JSON, no object, a
 * value of a wrong type) is left out, as it must be left out of every number.
 * @param subject of the dataset's events
 */
export async function sentEvents(natsUrl: string, stream: string, subject: string): Promise<readonly TrueEvent[]> {
  await using broker = await connectBroker({ url: natsUrl, name: 'e2e' });
  const events: TrueEvent[] = [];
  const consumer = await jetstream(broker.nc).consumers.get(stream, { filter_subjects: subject });
  const { num_pending: waiting } = await consumer.info();
  if (waiting === 0) return [];
  for await (const message of await consumer.consume({ max_messages: 1_000 })) {
    for (const one of parsed(message.string())) if (isEvent(one)) events.push(one);
    if (message.info.pending === 0) break;
  }
  return events;
}

function parsed(text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : [value];
  } catch {
    return [];
  }
}

const UTC_INSTANT = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}\.\d{6}$/;

function isEvent(value: unknown): value is TrueEvent {
  if (typeof value !== 'object' || value === null) return false;
  const {
    id,
    event,
    timestamp,
    received_at: received,
    user_id: user,
    context_network_wifi: wifi,
  } = value as Record<string, unknown>;
  return (
    typeof id === 'string' &&
    typeof event === 'string' &&
    isInstant(timestamp) &&
    isInstant(received) &&
    (user === undefined || /^\d+$/.test(String(user))) &&
    (wifi === undefined || typeof wifi === 'boolean')
  );
}

/** A text that names a day and time that exist. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string' || !UTC_INSTANT.test(value)) return false;
  const iso = `${value.slice(0, 23).replace(' ', 'T')}Z`;
  return Number.isFinite(Date.parse(iso)) && new Date(iso).toISOString() === iso;
}
