import { batchWritten, type BatchWritten } from '@rollcall/contracts';
import type { Clock } from '@rollcall/kernel';
import { writeBatch, type NewBatch, type ObjectStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { IngestEffects } from './effects.js';

export type Door = 'drop' | 'bus' | 'http';

/** What every door needs to land rows. */
export interface Landing {
  readonly lake: ObjectStore;
  readonly broker: Pick<Broker, 'publish'>;
  readonly effects: IngestEffects;
  readonly clock: Clock;
  readonly events: LandingEvents;
}

export interface LandingEvents {
  batchLanded(door: Door, written: BatchWritten, batch: NewBatch): void;
}

/**
 * Puts a batch into the lake, then announces it. When it returns, the object is durable and the broker has stored the announcement.
 * It may be called again with the same batch at any time: the object is put once, the announcement repeated.
 */
export async function landBatch(landing: Landing, door: Door, batch: NewBatch): Promise<BatchWritten> {
  const { lake, broker, effects, events } = landing;
  const written = await effects.run(`${door}.object`, () => writeBatch(lake, batch));
  // With telemetry on, the active span takes the place of this header.
  const headers = written.trace === undefined ? {} : { traceparent: written.trace };
  await effects.run(`${door}.announce`, () => broker.publish(batchWritten, written, { headers }));
  events.batchLanded(door, written, batch);
  return written;
}
