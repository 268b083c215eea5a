import { connectBroker, type Broker } from '@rollcall/messaging';
import type { CliSettings } from '../settings/cli-settings.js';

/** Connects to the broker with the credentials of the command line. */
export function openBroker(url: string, settings: CliSettings): Promise<Broker> {
  return connectBroker({
    url,
    name: 'rollcall-cli',
    user: settings.NATS_USER,
    password: settings.NATS_PASSWORD,
    token: settings.NATS_TOKEN,
  });
}
