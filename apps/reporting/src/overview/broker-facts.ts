import { CONSUMERS, type StreamName } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { classifyNatsError, consumerLag, type Broker } from '@rollcall/messaging';

export interface Hop {
  /** The durable consumer. */
  readonly hop: string;
  readonly label: string;
  /** More waiting than this is a concern. */
  readonly concernAbove: number;
  /** What takes the messages, for the way out. */
  readonly takenBy: string;
}

/** The hops of a record, in its order. */
export const HOPS: readonly Hop[] = [
  { hop: 'ingest-logs-events', label: 'Messages on the bus', concernAbove: 10_000, takenBy: 'ingest-logs' },
  { hop: 'loader-batches', label: 'Batches to load', concernAbove: 100, takenBy: 'warehouse-loader' },
  { hop: 'reporting-loads', label: 'Loads to report', concernAbove: 100, takenBy: 'reporting' },
];

const DEAD: StreamName = 'DEAD';

export type BrokerFacts =
  | {
      readonly kind: 'answered';
      readonly lag: readonly { readonly hop: string; readonly label: string; readonly waiting: number }[];
      readonly deadLetters: number;
    }
  /** A sentence with the way out. */
  | { readonly kind: 'away'; readonly why: string };

/** Asks the broker how far each hop is behind. A broker that does not answer is an answer. */
export async function readBroker(broker: Broker, timeoutMs = 1_000): Promise<BrokerFacts> {
  if (!broker.connected)
    return away(new RollcallError('nats/unavailable', `nats-server at ${broker.place} is not connected`));
  try {
    return await within(timeoutMs, broker.place, ask(broker));
  } catch (error) {
    const named = classifyNatsError(error, `asking nats-server at ${broker.place}`);
    if (named instanceof RollcallError) return away(named);
    throw error;
  }
}

async function ask(broker: Broker): Promise<BrokerFacts> {
  const hops = HOPS.flatMap((hop) => {
    const spec = CONSUMERS.find(({ durable }) => durable === hop.hop);
    return spec ? [{ ...hop, stream: spec.stream }] : [];
  });
  const [dead, ...lag] = await Promise.all([
    broker.jsm.streams.info(DEAD),
    ...hops.map(async ({ hop, label, stream }) => {
      const { pending, ackPending } = await consumerLag(broker, stream, hop);
      return { hop, label, waiting: pending + ackPending };
    }),
  ]);
  return { kind: 'answered', lag, deadLetters: dead.state.messages };
}

/** The client waits longer than a page may. */
async function within<T>(timeoutMs: number, place: string, asking: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(new RollcallError('nats/unavailable', `nats-server at ${place} did not answer in ${timeoutMs} ms`)),
    timeoutMs,
  );
  try {
    return await Promise.race([asking, late.promise]);
  } finally {
    clearTimeout(timer);
    // Whoever lost the race may still fail, and nobody waits for it.
    asking.catch(() => undefined);
  }
}

function away({ message, hint }: RollcallError): BrokerFacts {
  return { kind: 'away', why: `${message}. ${hint}` };
}
