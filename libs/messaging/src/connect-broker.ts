import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { connect, errors, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import type { Contract } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { z } from 'zod';
import { parseBrokerUrl, type BrokerAddress } from './broker-address.js';
import type { Broker, Outgoing, PublishManyOptions, PublishOptions, Published, PublishedMany } from './broker.js';
import { classifyNatsError } from './classify-nats-error.js';
import { encodeMessage } from './encode-message.js';
import { LiveConnection } from './live-connection.js';
import { inProducerSpan } from './producer-span.js';
import { PubAcks } from './pub-acks.js';
import { publishHeaders } from './publish-headers.js';
import { publishMany } from './publish-many.js';
import { isOldServer, OLDEST_SERVER } from './server-version.js';

export interface BrokerOptions {
  /** `nats://host:port`, several separated by commas; may hold credentials, which the settings below override. */
  readonly url: string;
  /** The client's name, as the server's monitoring shows it. */
  readonly name: string;
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  readonly token?: string | undefined;
  /** For the first connection (5,000 ms). */
  readonly connectTimeoutMs?: number;
  /** For each acknowledgement of the broker (10,000 ms). */
  readonly ackTimeoutMs?: number;
}

/**
 * Connects to nats-server 2.9 or newer with JetStream. Afterwards the connection is renewed for ever.
 * Throws RollcallError nats/unavailable (nobody answers, or the credentials are refused), nats/too-old, config/invalid.
 */
export async function connectBroker(options: BrokerOptions): Promise<Broker> {
  const address = parseBrokerUrl(options.url);
  const nc = await open(address, options);
  try {
    const version = nc.info?.version ?? 'unknown';
    if (isOldServer(version)) {
      throw new RollcallError(
        'nats/too-old',
        `nats-server at ${address.place} is ${version}, not ${OLDEST_SERVER} or newer`,
      );
    }
    const jsm = await openJetStream(nc, address.place);
    return new NatsBroker(nc, jsm, address.place, options.ackTimeoutMs ?? 10_000);
  } catch (error) {
    await nc.close();
    throw error;
  }
}

async function open(address: BrokerAddress, options: BrokerOptions): Promise<NatsConnection> {
  const timeoutMs = options.connectTimeoutMs ?? 5_000;
  const access = accessOf(address, options, timeoutMs);
  try {
    // Every server of a cluster names the others, and the client takes each greeting for new servers to try: with a wrong password its
    // first connection would go round for ever. So the way in is tried without that, once for each address given.
    await (await connect({ ...access, reconnect: false, ignoreClusterUpdates: true })).close();
    return await connect({
      ...access,
      maxReconnectAttempts: -1,
      reconnectTimeWait: 500,
      reconnectJitter: 500,
      // A password being rotated must not end the connection for good.
      ignoreAuthErrorAbort: true,
      pingInterval: 10_000,
      maxPingOut: 2,
    });
  } catch (error) {
    const doing = `connecting to nats-server at ${address.place}`;
    // Whatever listens there without speaking first: a web server, a database.
    if (error instanceof errors.TimeoutError) {
      throw new RollcallError('nats/unavailable', `${doing}: no greeting in ${timeoutMs} ms; is it a nats-server?`, {
        cause: error,
      });
    }
    const ours = classifyNatsError(error, doing);
    if (ours instanceof RollcallError || !(error instanceof Error) || error instanceof TypeError) throw ours;
    // Refused certificates, and servers of other kinds that speak first: the client has no names of its own for them.
    throw new RollcallError('nats/unavailable', `${doing}: ${error.message}`, { cause: error });
  }
}

function accessOf(address: BrokerAddress, options: BrokerOptions, timeout: number): NodeConnectionOptions {
  const user = options.user ?? address.user;
  const pass = options.password ?? address.password;
  const token = options.token ?? address.token;
  return {
    servers: [...address.servers],
    name: options.name,
    timeout,
    ...(user === undefined ? {} : { user }),
    ...(pass === undefined ? {} : { pass }),
    ...(token === undefined ? {} : { token }),
    ...(address.tls ? { tls: {} } : {}),
  };
}

async function openJetStream(nc: NatsConnection, place: string): Promise<JetStreamManager> {
  try {
    return await jetstreamManager(nc, { checkAPI: true });
  } catch (error) {
    const ours = classifyNatsError(error, `asking nats-server at ${place} for JetStream`);
    // Without JetStream nobody answers its API at all.
    if (ours instanceof RollcallError && nc.info?.jetstream !== true) {
      throw new RollcallError('nats/too-old', `nats-server at ${place} runs without JetStream`, { cause: error });
    }
    throw ours;
  }
}

class NatsBroker implements Broker {
  readonly nc: NatsConnection;
  readonly jsm: JetStreamManager;
  readonly place: string;
  readonly #live: LiveConnection;
  readonly #acks: PubAcks;
  readonly #ackTimeoutMs: number;

  constructor(nc: NatsConnection, jsm: JetStreamManager, place: string, ackTimeoutMs: number) {
    this.nc = nc;
    this.jsm = jsm;
    this.place = place;
    this.#ackTimeoutMs = ackTimeoutMs;
    this.#live = new LiveConnection(nc, place);
    this.#acks = new PubAcks(nc, place, ackTimeoutMs);
  }

  get connected(): boolean {
    return this.#live.connected;
  }

  whenConnected(timeoutMs: number): Promise<void> {
    return this.#live.whenConnected(timeoutMs);
  }

  onReconnect(listener: () => void): Disposable {
    return this.#live.onReconnect(listener);
  }

  async publish<S extends z.ZodType>(
    contract: Contract<S>,
    message: z.input<S>,
    options: PublishOptions = {},
  ): Promise<Published> {
    return inProducerSpan(contract.subject, () => this.#publish(contract, message, options));
  }

  async #publish<S extends z.ZodType>(
    contract: Contract<S>,
    message: z.input<S>,
    options: PublishOptions,
  ): Promise<Published> {
    const { value, bytes } = encodeMessage(contract, message);
    const headers = publishHeaders(options.msgId ?? contract.dedupe(value), options.headers ?? {});
    // What is written while the line is down would be thrown away by the client.
    await this.#live.whenConnected(this.#ackTimeoutMs);
    const result = await new Promise<Published | RollcallError>((resolve) =>
      this.#acks.send(contract.subject, bytes, headers, resolve),
    );
    if (result instanceof RollcallError) throw result;
    return result;
  }

  async publishMany<S extends z.ZodType>(
    contract: Contract<S>,
    messages: Iterable<Outgoing<S>> | AsyncIterable<Outgoing<S>>,
    options?: PublishManyOptions,
  ): Promise<PublishedMany> {
    await this.#live.whenConnected(this.#ackTimeoutMs);
    return publishMany(this.#acks, contract, messages, options);
  }

  async drain(): Promise<void> {
    if (this.nc.isClosed()) return;
    try {
      // A flush on a line that is down would wait for ever; there is nothing to send then.
      await (this.#live.connected ? this.nc.drain() : this.nc.close());
    } finally {
      this.#acks.close();
    }
  }

  async close(): Promise<void> {
    this.#acks.close();
    await this.nc.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.drain();
  }
}
