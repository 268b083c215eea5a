import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';

/** How far a durable consumer is behind. */
export interface ConsumerLag {
  /** Messages never delivered yet (`num_pending`). */
  readonly pending: number;
  /** Delivered, not yet acknowledged (`num_ack_pending`). */
  readonly ackPending: number;
  readonly redelivered: number;
}

/** Asks the broker. Throws RollcallError nats/unavailable, or nats/topology when there is no such consumer. */
export async function consumerLag(broker: Broker, stream: string, durable: string): Promise<ConsumerLag> {
  try {
    const info = await broker.jsm.consumers.info(stream, durable);
    return { pending: info.num_pending, ackPending: info.num_ack_pending, redelivered: info.num_redelivered };
  } catch (error) {
    throw classifyNatsError(error, `asking ${broker.place} for consumer ${stream}/${durable}`);
  }
}
