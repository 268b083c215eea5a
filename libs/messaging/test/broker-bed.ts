import { appEvents, deadLetter, type DeadLetter } from '@rollcall/contracts';
import { ok, type Verdict } from '@rollcall/kernel';
import { testNats, type TestNats } from '@rollcall/testkit';
import {
  applyTopology,
  connectBroker,
  consume,
  type Broker,
  type ConsumeEvent,
  type ConsumeOptions,
} from '../src/index.js';

export const STREAM = 'EVENTS';
export const DURABLE = 'ingest-logs-events';
export const contract = appEvents('clicks');

/** A nats-server of the test's own with the topology on it, and a connection. */
export interface BrokerBed extends AsyncDisposable {
  readonly nats: TestNats;
  readonly broker: Broker;
  /** Publishes events with these ids and nothing else in them. */
  send(...ids: readonly string[]): Promise<void>;
  /** Changes the durable that the tests consume, so that a redelivery need not take a minute. */
  setAckWait(milliseconds: number): Promise<void>;
  /** How many messages lie in DEAD. */
  deadCount(): Promise<number>;
  /** The dead letters, oldest first. */
  letters(): Promise<readonly DeadLetter[]>;
}

export async function brokerBed(options: { readonly ackTimeoutMs?: number } = {}): Promise<BrokerBed> {
  const nats = await testNats();
  const broker = await connectBroker({ url: nats.url, name: 'bed', ackTimeoutMs: 3_000, ...options });
  await applyTopology(broker);
  return {
    nats,
    broker,
    async send(...ids) {
      await broker.publishMany(
        contract,
        ids.map((id) => ({ message: { id }, msgId: id })),
      );
    },
    async setAckWait(milliseconds) {
      await broker.jsm.consumers.update(STREAM, DURABLE, { ack_wait: milliseconds * 1_000_000 });
    },
    async deadCount() {
      return (await broker.jsm.streams.info('DEAD')).state.messages;
    },
    async letters() {
      const { state } = await broker.jsm.streams.info('DEAD');
      const found: DeadLetter[] = [];
      for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
        const message = await broker.jsm.streams.getMessage('DEAD', { seq });
        if (message) found.push(deadLetter.parse(message.json()));
      }
      return found;
    },
    async [Symbol.asyncDispose]() {
      await broker.close();
      await nats[Symbol.asyncDispose]();
    },
  };
}

/** A consumer loop under test; what it did is written down. */
export interface RunningLoop extends AsyncDisposable {
  /** Ids of every call of the handler, in order. */
  readonly calls: readonly (readonly string[])[];
  readonly events: readonly ConsumeEvent[];
  /** Rejects when the loop crashed. */
  readonly done: Promise<void>;
  /** Stops in good order and waits for it. */
  stop(): Promise<void>;
}

export type IdHandler = (ids: readonly string[], tries: readonly number[]) => Promise<readonly Verdict[]>;

export function takeAll(ids: readonly string[]): Promise<readonly Verdict[]> {
  return Promise.resolve(ids.map((id) => ok(id)));
}

export function runLoop(broker: Broker, handler: IdHandler, options: Partial<ConsumeOptions> = {}): RunningLoop {
  const calls: string[][] = [];
  const events: ConsumeEvent[] = [];
  const stop = new AbortController();
  const done = consume(broker, {
    stream: STREAM,
    durable: DURABLE,
    signal: stop.signal,
    onEvent: (event) => events.push(event),
    handler: (deliveries) => {
      const ids = deliveries.map(({ data }) => idOf(data));
      calls.push(ids);
      return handler(
        ids,
        deliveries.map(({ tries }) => tries),
      );
    },
    ...options,
  });
  // A crash is looked at by the tests that expect one.
  done.catch(() => undefined);
  const end = async (): Promise<void> => {
    stop.abort();
    await done;
  };
  return {
    calls,
    events,
    done,
    stop: end,
    async [Symbol.asyncDispose]() {
      await end().catch(() => undefined);
    },
  };
}

export function idOf(data: Uint8Array): string {
  try {
    return (JSON.parse(new TextDecoder().decode(data)) as { id: string }).id;
  } catch {
    return 'not-json';
  }
}
