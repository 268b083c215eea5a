import { TOPOLOGY_VERSION } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from './broker.js';
import { readTopology, type StandingTopology } from './read-topology.js';
import { readTopologyMark } from './topology-config.js';

/**
 * Throws RollcallError nats/topology naming every stream and consumer that is missing, not ours, or older than this release.
 * Newer ones are fine: during a roll-out the old release goes on.
 */
export async function checkTopology(broker: Broker): Promise<void> {
  const faults = topologyFaults(await readTopology(broker));
  if (faults.length > 0) throw new RollcallError('nats/topology', `at ${broker.place}: ${faults.join('; ')}`);
}

/** One sentence a fault; empty when all stands. */
export function topologyFaults({ streams, consumers }: StandingTopology): readonly string[] {
  return [
    ...streams.map(({ spec, info }) => faultOf(`stream ${spec.name}`, info)),
    ...consumers.map(({ spec, info }) => faultOf(`consumer ${spec.stream}/${spec.durable}`, info)),
  ].filter((fault) => fault !== undefined);
}

function faultOf(
  name: string,
  info: { readonly config: { readonly description?: string } } | undefined,
): string | undefined {
  if (!info) return `${name} is missing`;
  const version = readTopologyMark(info.config.description);
  if (version === undefined) return `${name} was not made by Rollcall`;
  return version < TOPOLOGY_VERSION ? `${name} is of version ${version}, not ${TOPOLOGY_VERSION}` : undefined;
}
