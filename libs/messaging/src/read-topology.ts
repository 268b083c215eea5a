import type { ConsumerInfo, StreamInfo } from '@nats-io/jetstream';
import { CONSUMERS, STREAMS, type ConsumerSpec, type StreamSpec } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';

/** What the broker has of our streams and consumers; undefined where it has none. */
export interface StandingTopology {
  readonly streams: readonly { readonly spec: StreamSpec; readonly info: StreamInfo | undefined }[];
  readonly consumers: readonly { readonly spec: ConsumerSpec; readonly info: ConsumerInfo | undefined }[];
}

export async function readTopology(broker: Broker): Promise<StandingTopology> {
  return {
    streams: await Promise.all(
      STREAMS.map(async (spec) => ({ spec, info: await present(broker, broker.jsm.streams.info(spec.name)) })),
    ),
    consumers: await Promise.all(
      CONSUMERS.map(async (spec) => ({
        spec,
        info: await present(broker, broker.jsm.consumers.info(spec.stream, spec.durable)),
      })),
    ),
  };
}

/** `nats/topology` is how "not there" is classified; every other failure goes up. */
async function present<T>(broker: Broker, asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    const ours = classifyNatsError(error, `reading the topology from ${broker.place}`);
    if (ours instanceof RollcallError && ours.code === 'nats/topology') return undefined;
    throw ours;
  }
}
