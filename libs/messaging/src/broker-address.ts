import { RollcallError } from '@rollcall/kernel';

/** Where the broker is and who we are there. */
export interface BrokerAddress {
  /** `host:port`, the form the client wants. */
  readonly servers: readonly string[];
  /** The same for people. */
  readonly place: string;
  readonly tls: boolean;
  readonly user?: string;
  readonly password?: string;
  readonly token?: string;
}

const DEFAULT_PORT = '4222';

/**
 * Reads `nats://[user:password@|token@]host[:port][,nats://…]` (`tls://` for TLS; a bare `host:port` is nats://).
 * Throws RollcallError config/invalid, without repeating the text: it may hold a password.
 */
export function parseBrokerUrl(text: string): BrokerAddress {
  const urls = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(readUrl);
  const [first] = urls;
  if (!first) throw new RollcallError('config/invalid', 'NATS_URL is empty');
  const servers = urls.map((url) => `${url.hostname}:${url.port || DEFAULT_PORT}`);
  const user = decodeURIComponent(first.username);
  const password = decodeURIComponent(first.password);
  const base = { servers, place: servers.join(', '), tls: urls.some((url) => url.protocol === 'tls:') };
  if (user === '') return base;
  return password === '' ? { ...base, token: user } : { ...base, user, password };
}

function readUrl(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `nats://${text}`);
  if (!url || !['nats:', 'tls:'].includes(url.protocol) || url.hostname === '') {
    throw new RollcallError('config/invalid', 'NATS_URL is not of the form nats://host:port');
  }
  return url;
}
