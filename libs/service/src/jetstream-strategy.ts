import { Server, type CustomTransportStrategy, type MessageHandler } from '@nestjs/microservices';
import { CONSUMERS } from '@rollcall/contracts';
import type { Verdict } from '@rollcall/kernel';
import { consume, type BatchHandler, type Broker } from '@rollcall/messaging';
import { lastValueFrom } from 'rxjs';
import type { ConsumerExtras } from './consumer-extras.js';
import type { Logger } from './logger.js';
import { logConsumeEvent } from './log-consume-event.js';
import type { ConsumerMetrics } from './metrics.js';
import { parseDeliveries } from './parse-deliveries.js';
import { inConsumerSpan } from './consumer-span.js';

export interface JetStreamStrategyOptions {
  readonly broker: Broker;
  readonly log: Logger;
  readonly metrics: ConsumerMetrics;
  readonly quarantineKey?: string | undefined;
  /** A handler failed in a way Rollcall does not know: the process must end. Its loop has stopped already. */
  readonly onCrash: (error: unknown) => void;
}

/**
 * Nest's transport over JetStream pull consumers. Methods are written `@EventPattern<string>(contract.subject, extras)` with
 * `ConsumerExtras`, get deliveries and return verdicts; acknowledging is this strategy's business alone.
 * Delivery is at least once, in no promised order.
 */
export class JetStreamStrategy extends Server implements CustomTransportStrategy {
  /** Errors come back to us: they decide what happens to the message. */
  override readonly propagatesEventHandlerErrors = true;
  readonly #options: JetStreamStrategyOptions;
  readonly #stop = new AbortController();
  #loops: readonly Promise<void>[] = [];

  constructor(options: JetStreamStrategyOptions) {
    super();
    this.#options = options;
  }

  listen(callback: (error?: unknown) => void): void {
    try {
      const consumers = [...this.messageHandlers].map(([pattern, handler]) => readConsumer(pattern, handler));
      this.#options.metrics.watchLag(this.#options.broker, consumers);
      this.#loops = consumers.map((consumer) => this.#consume(consumer));
      callback();
    } catch (error) {
      callback(error);
    }
  }

  /** Stops pulling, lets what is in hand be finished and settled. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  on(): never {
    throw new Error('the JetStream strategy has no events to listen to');
  }

  unwrap<T>(): T {
    return this.#options.broker as T;
  }

  async #consume({ stream, extras, handler }: Consumer): Promise<void> {
    const { broker, log, metrics, quarantineKey, onCrash } = this.#options;
    const { durable, batch, concurrency, stopGraceMs } = extras;
    try {
      await consume(broker, {
        stream,
        durable,
        // Without a batch every message is a call of its own.
        batch: batch ?? { max: 1 },
        signal: this.#stop.signal,
        quarantineKey,
        handler: this.#batchHandler(extras, handler),
        onEvent: (event) => {
          metrics.observe(durable, event);
          logConsumeEvent(log, durable, event);
        },
        ...(concurrency === undefined ? {} : { concurrency }),
        ...(stopGraceMs === undefined ? {} : { stopGraceMs }),
      });
    } catch (error) {
      onCrash(error);
    }
  }

  #batchHandler(extras: ConsumerExtras, handler: MessageHandler): BatchHandler {
    const call = (input: unknown): Promise<unknown> =>
      Promise.resolve(handler(input)).then((result) => lastValueFrom(this.transformToObservable(result)));
    return (deliveries) =>
      inConsumerSpan(extras.durable, deliveries, async () => {
        const { inputs, verdicts } = parseDeliveries(extras.contract, deliveries);
        if (inputs.length === 0) return verdicts([]);
        const answer = await call(extras.batch ? inputs : inputs[0]);
        return verdicts(readVerdicts(extras, answer, inputs.length));
      });
  }
}

interface Consumer {
  readonly stream: string;
  readonly durable: string;
  readonly extras: ConsumerExtras;
  readonly handler: MessageHandler;
}

function readConsumer(pattern: string, handler: MessageHandler): Consumer {
  const extras = handler.extras as Partial<ConsumerExtras> | undefined;
  if (extras?.durable === undefined) throw new Error(`the handler of ${pattern} names no durable consumer`);
  if (handler.next) throw new Error(`${pattern} has two handlers: a message has one owner`);
  const spec = CONSUMERS.find(({ durable }) => durable === extras.durable);
  if (!spec) throw new Error(`the topology has no consumer ${extras.durable}`);
  return { stream: spec.stream, durable: spec.durable, extras: { ...extras, durable: spec.durable }, handler };
}

const KINDS: ReadonlySet<unknown> = new Set(['ok', 'skip', 'dead', 'route', 'threw'] satisfies Verdict['kind'][]);

function readVerdicts(extras: ConsumerExtras, answer: unknown, wanted: number): readonly Verdict[] {
  const list: readonly unknown[] = Array.isArray(answer) ? answer : [answer];
  if (list.length !== wanted || !list.every(isVerdict)) {
    throw new Error(`the handler of ${extras.durable} did not return one verdict a message`);
  }
  return list;
}

function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && 'kind' in value && KINDS.has(value.kind);
}
