import { checkTopology, type Broker } from '@rollcall/messaging';
import { openBroker } from '../edges/open-broker.js';
import type { CliSettings } from '../settings/cli-settings.js';
import { examine, type Finding } from './finding.js';

/** Whether nats-server answers, is new enough, has JetStream, and has this release's streams and consumers. */
export async function examineBroker(settings: CliSettings): Promise<readonly Finding[]> {
  const { NATS_URL } = settings;
  if (NATS_URL === undefined) return [];
  let broker: Broker | undefined;
  const reached = await examine('broker', 'connection', async () => {
    broker = await openBroker(NATS_URL, settings);
    return `nats-server ${broker.nc.info?.version ?? 'of unknown version'} with JetStream at ${broker.place}`;
  });
  if (!broker) return [reached];
  await using open: Broker = broker;
  const topology = await examine('broker', 'streams', async () => {
    await checkTopology(open);
    return 'all streams and consumers of this release';
  });
  return [reached, topology];
}
