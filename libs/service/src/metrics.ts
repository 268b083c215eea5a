import { consumerLag, type Broker, type ConsumeEvent, type ConsumerLag } from '@rollcall/messaging';
import { RollcallError } from '@rollcall/kernel';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';

/** A registry with the process's own figures (memory, event loop, garbage collection) in it. */
export function createMetrics(service: string): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  return registry;
}

/** Figures of the consumer loops. Labels are closed sets: names of durables, of settlements, of error codes and reasons. */
export class ConsumerMetrics {
  readonly #deliveries: Counter<'durable'>;
  readonly #verdicts: Counter<'durable' | 'do' | 'code'>;
  readonly #seconds: Histogram<'durable'>;
  readonly #stalled: Gauge<'durable'>;
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    const registers = [registry];
    this.#deliveries = new Counter({
      name: 'rollcall_consumer_deliveries_total',
      help: 'Messages delivered, redeliveries included.',
      labelNames: ['durable'],
      registers,
    });
    this.#verdicts = new Counter({
      name: 'rollcall_consumer_settled_total',
      help: 'What became of delivered messages (ack, retry, bury, forward, crash), with code or reason.',
      labelNames: ['durable', 'do', 'code'],
      registers,
    });
    this.#seconds = new Histogram({
      name: 'rollcall_consumer_handler_seconds',
      help: 'Time in the handler, a batch.',
      labelNames: ['durable'],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    });
    this.#stalled = new Gauge({
      name: 'rollcall_consumer_stalled',
      help: '1 while nothing can be taken from the broker.',
      labelNames: ['durable'],
      registers,
    });
  }

  observe(durable: string, event: ConsumeEvent): void {
    const { kind } = event;
    if (kind === 'stalled') this.#stalled.set({ durable }, 1);
    if (kind === 'started' || kind === 'resumed') this.#stalled.set({ durable }, 0);
    if (kind !== 'handled') return;
    this.#deliveries.inc({ durable }, event.messages);
    this.#seconds.observe({ durable }, event.seconds);
    for (const { do: done, code, count } of event.settled) this.#verdicts.inc({ durable, do: done, code }, count);
  }

  /** Asks the broker at every scrape how far the durables are behind. */
  watchLag(broker: Broker, consumers: readonly WatchedConsumer[]): void {
    const ask = onePerScrape(() => lagOf(broker, consumers));
    const gauge = (name: string, help: string, read: (lag: ConsumerLag) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['durable'],
        registers: [this.#registry],
        async collect() {
          this.reset();
          for (const [durable, lag] of await ask()) this.set({ durable }, read(lag));
        },
      });
    };
    gauge('rollcall_consumer_pending', 'Messages not delivered yet.', ({ pending }) => pending);
    gauge('rollcall_consumer_ack_pending', 'Messages delivered and not yet settled.', ({ ackPending }) => ackPending);
  }
}

export interface WatchedConsumer {
  readonly stream: string;
  readonly durable: string;
}

/** Several gauges of one scrape share one answer. */
function onePerScrape<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
}

async function lagOf(broker: Broker, consumers: readonly WatchedConsumer[]): Promise<ReadonlyMap<string, ConsumerLag>> {
  const found = new Map<string, ConsumerLag>();
  for (const { stream, durable } of consumers) {
    const lag = await knownLag(broker, stream, durable);
    if (lag) found.set(durable, lag);
  }
  return found;
}

/** Figures that cannot be asked for are left out: /metrics answers during an outage. */
async function knownLag(broker: Broker, stream: string, durable: string): Promise<ConsumerLag | undefined> {
  if (!broker.connected) return undefined;
  try {
    return await consumerLag(broker, stream, durable);
  } catch (error) {
    if (error instanceof RollcallError) return undefined;
    throw error;
  }
}
