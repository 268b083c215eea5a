import { TOPOLOGY_VERSION, type ConsumerSpec, type StreamSpec } from '@rollcall/contracts';
import { JetStreamApiError, type ConsumerInfo, type StreamInfo } from '@nats-io/jetstream';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import { readTopology } from './read-topology.js';
import { consumerConfig, differingSettings, readTopologyMark, streamConfig } from './topology-config.js';

export interface ApplyTopologyOptions {
  /** Copies of each stream (1; 3 where nats-server is a cluster). */
  readonly replicas?: number;
}

/** Names (`stream LAKE`, `consumer LAKE/loader-batches`) of what was made, changed and left alone. */
export interface AppliedTopology {
  readonly created: readonly string[];
  readonly updated: readonly string[];
  readonly unchanged: readonly string[];
}

type Done = 'created' | 'updated' | 'unchanged';

/**
 * Makes the broker's streams and consumers what the contracts say. May run any number of times, also twice at once; deletes nothing.
 * Throws RollcallError nats/topology when something newer, or not of Rollcall, stands under one of the names (nothing is changed then),
 * or when a change is not possible; nats/too-old when the server ignores a setting.
 */
export async function applyTopology(broker: Broker, options: ApplyTopologyOptions = {}): Promise<AppliedTopology> {
  const standing = await readTopology(broker);
  const refusals = [
    ...standing.streams.map(({ spec, info }) => refusalOf(`stream ${spec.name}`, info)),
    ...standing.consumers.map(({ spec, info }) => refusalOf(`consumer ${spec.stream}/${spec.durable}`, info)),
  ].filter((refusal) => refusal !== undefined);
  if (refusals.length > 0) {
    throw new RollcallError('nats/topology', `nothing was changed at ${broker.place}: ${refusals.join('; ')}`);
  }

  const replicas = options.replicas ?? (broker.nc.info?.cluster ? 3 : 1);
  const done: Record<Done, string[]> = { created: [], updated: [], unchanged: [] };
  // One after the other: consumers need their stream.
  for (const { spec, info } of standing.streams) {
    done[await applyStream(broker, spec, info, replicas)].push(`stream ${spec.name}`);
  }
  for (const { spec, info } of standing.consumers) {
    done[await applyConsumer(broker, spec, info)].push(`consumer ${spec.stream}/${spec.durable}`);
  }
  return done;
}

function refusalOf(name: string, info: StreamInfo | ConsumerInfo | undefined): string | undefined {
  if (!info) return undefined;
  const version = readTopologyMark(info.config.description);
  if (version === undefined) return `${name} exists and was not made by Rollcall`;
  return version > TOPOLOGY_VERSION
    ? `${name} is of version ${version}, newer than this release's ${TOPOLOGY_VERSION}`
    : undefined;
}

async function applyStream(
  broker: Broker,
  spec: StreamSpec,
  info: StreamInfo | undefined,
  replicas: number,
): Promise<Done> {
  const wanted = streamConfig(spec, replicas);
  if (info && differingSettings(wanted, info.config).length === 0) return 'unchanged';
  const { name, ...changes } = wanted;
  return change(broker, `stream ${name}`, wanted, info ? 'updated' : 'created', async () => {
    const { streams } = broker.jsm;
    return (info ? await streams.update(name, changes) : await streams.add(wanted)).config;
  });
}

async function applyConsumer(broker: Broker, spec: ConsumerSpec, info: ConsumerInfo | undefined): Promise<Done> {
  const wanted = consumerConfig(spec);
  if (info && differingSettings(wanted, info.config).length === 0) return 'unchanged';
  return change(broker, `consumer ${spec.stream}/${spec.durable}`, wanted, info ? 'updated' : 'created', async () => {
    const { consumers } = broker.jsm;
    if (!info) return (await consumers.add(spec.stream, wanted)).config;
    await consumers.update(spec.stream, spec.durable, wanted);
    // A nats-server 2.9 that was restarted answers the first update with the settings from before it.
    return (await consumers.info(spec.stream, spec.durable)).config;
  });
}

async function change(
  broker: Broker,
  name: string,
  wanted: object,
  done: Done,
  act: () => Promise<object>,
): Promise<Done> {
  let answer: object;
  try {
    answer = await act();
  } catch (error) {
    const ours = classifyNatsError(error, `${name} at ${broker.place}`);
    // An answer that is not an outage is a refusal of the change itself.
    if (error instanceof JetStreamApiError && ours instanceof RollcallError && ours.code !== 'nats/full') {
      const message = `${name} at ${broker.place} cannot be ${done}: ${error.message}`;
      throw new RollcallError('nats/topology', message, { cause: error });
    }
    throw ours;
  }
  const ignored = differingSettings(wanted, answer);
  if (ignored.length === 0) return done;
  throw new RollcallError('nats/too-old', `${name} at ${broker.place}: the server ignores ${ignored.join(', ')}`);
}
