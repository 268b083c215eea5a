import { appEvents } from '@rollcall/contracts';
import type { Broker } from '@rollcall/messaging';
import type { EventSink } from './event-sink.js';

/** The bus: `events.v1.<dataset>`, one event a message. Returns when the broker has stored them. The broker stays the caller's. */
export function busSink(broker: Broker, dataset: string): EventSink {
  const contract = appEvents(dataset);
  return {
    async send(messages) {
      const outgoing = messages.map(({ text, msgId }) => ({ payload: text, msgId }));
      const { duplicates } = await broker.publishMany(contract, outgoing);
      return { known: duplicates, refused: 0 };
    },
  };
}
