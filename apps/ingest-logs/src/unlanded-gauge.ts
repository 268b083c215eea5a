import { RollcallError } from '@rollcall/kernel';
import { consumerLag, type Broker } from '@rollcall/messaging';
import { Gauge, type Registry } from 'prom-client';
import { EVENTS_ROUND } from './ingest-tokens.js';

/**
 * `rollcall_events_unlanded`: messages of events that only the broker has: not delivered yet, or delivered and not yet in an announced object.
 * What would be lost with the broker's store. Left out while the broker cannot be asked.
 */
export function watchUnlanded(registry: Registry, broker: Broker): void {
  new Gauge({
    name: 'rollcall_events_unlanded',
    help: 'Messages of events that are in no announced batch yet: the broker alone has them.',
    registers: [registry],
    async collect() {
      try {
        const { pending, ackPending } = await consumerLag(broker, 'EVENTS', EVENTS_ROUND.durable);
        this.set(pending + ackPending);
      } catch (error) {
        if (!(error instanceof RollcallError)) throw error;
        this.reset();
      }
    },
  });
}
