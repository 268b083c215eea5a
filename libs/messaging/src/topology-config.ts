import { nanos } from '@nats-io/transport-node';
import {
  AckPolicy,
  DeliverPolicy,
  DiscardPolicy,
  ReplayPolicy,
  RetentionPolicy,
  StorageType,
  type ConsumerConfig,
  type StreamConfig,
} from '@nats-io/jetstream';
import { TOPOLOGY_VERSION, type ConsumerSpec, type StreamSpec } from '@rollcall/contracts';

const MARK = 'rollcall topology ';

/** The version is kept in the description: nats-server 2.9 has no metadata. */
export function topologyMark(version: number): string {
  return `${MARK}${version}`;
}

/** The version a stream or consumer was made by; undefined when Rollcall did not make it. */
export function readTopologyMark(description: string | undefined): number | undefined {
  if (!description?.startsWith(MARK)) return undefined;
  const version = Number(description.slice(MARK.length));
  return Number.isInteger(version) ? version : undefined;
}

/** What we ask of a stream; everything not named here stays the server's default. */
export function streamConfig(spec: StreamSpec, replicas: number): Partial<StreamConfig> & { readonly name: string } {
  return {
    name: spec.name,
    description: topologyMark(TOPOLOGY_VERSION),
    subjects: [...spec.subjects],
    retention: spec.retention === 'workqueue' ? RetentionPolicy.Workqueue : RetentionPolicy.Limits,
    discard: spec.discard === 'new' ? DiscardPolicy.New : DiscardPolicy.Old,
    storage: StorageType.File,
    num_replicas: replicas,
    max_age: nanos(spec.maxAgeSeconds * 1000),
    max_bytes: spec.maxBytes,
    duplicate_window: nanos(spec.duplicateWindowSeconds * 1000),
  };
}

/** What we ask of a durable consumer. */
export function consumerConfig(spec: ConsumerSpec): Partial<ConsumerConfig> & { readonly durable_name: string } {
  return {
    durable_name: spec.durable,
    description: topologyMark(TOPOLOGY_VERSION),
    filter_subject: spec.filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
    replay_policy: ReplayPolicy.Instant,
    ack_wait: nanos(spec.ackWaitSeconds * 1000),
    max_ack_pending: spec.maxAckPending,
    max_deliver: spec.maxDeliver,
  };
}

/** Names of settings that stand otherwise than wanted. The server drops what it does not know without a word, so answers are compared. */
export function differingSettings(wanted: object, standing: object): readonly string[] {
  const found = new Map<string, unknown>(Object.entries(standing));
  return Object.entries(wanted)
    .filter(([name, value]) => JSON.stringify(found.get(name)) !== JSON.stringify(value))
    .map(([name]) => name);
}
