import { appEvents } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { Broker } from '@rollcall/messaging';
import { problem, type Problem } from '@rollcall/service';
import type { EventDataset } from '../events/event-dataset.js';
import type { Landing } from '../land-batch.js';
import { buildItemCheck, type CheckedItems, type GoodItem, type ItemError } from './check-items.js';
import { eventsMessages } from './events-messages.js';
import { LISTED_ERRORS, type HttpLimits } from './http-limits.js';
import { LakeCollector, type CollectedEvent } from './lake-collector.js';
import { decompress, readBody, type EventsBody } from './read-body.js';

export interface EventsRequest {
  readonly dataset: string;
  readonly ack: string | undefined;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly traceparent: string | undefined;
  readonly body: Buffer;
}

/** What became of a request's events. `items` lists errors only. */
export interface EventsAnswer {
  readonly accepted: number;
  readonly rejected: number;
  readonly items: readonly ItemError[];
}

export type EventsOutcome =
  | { readonly status: 202; readonly answer: EventsAnswer }
  | { readonly status: number; readonly problem: Problem & Partial<EventsAnswer> };

export interface HttpDoorOptions {
  readonly landing: Landing;
  readonly broker: Pick<Broker, 'publishMany' | 'connected'>;
  readonly datasets: ReadonlyMap<string, EventDataset>;
  readonly limits: HttpLimits;
  readonly events: HttpEvents;
}

export interface HttpEvents {
  eventsTaken(dataset: string, ack: 'bus' | 'lake', answer: EventsAnswer): void;
  eventsRefused(dataset: string, error: RollcallError): void;
}

const RETRY_AFTER_SECONDS = 5;

interface Target {
  readonly target: EventDataset;
  readonly check: (body: EventsBody) => CheckedItems;
  readonly collector: LakeCollector;
}

/**
 * `POST /v1/events/<dataset>`. 202 means: with `ack=bus` every accepted event is stored by the broker, with `ack=lake` it is in a durable,
 * announced object. A request may be sent again after any other answer, or none: events are the same by their key.
 */
export class HttpDoor {
  readonly #options: HttpDoorOptions;
  readonly #targets: ReadonlyMap<string, Target>;

  constructor(options: HttpDoorOptions) {
    const { landing, datasets, limits } = options;
    this.#options = options;
    this.#targets = new Map(
      [...datasets].map(([name, target]) => {
        const collector = new LakeCollector(landing, target);
        return [name, { target, check: buildItemCheck(target, limits), collector }];
      }),
    );
  }

  async take(request: EventsRequest): Promise<EventsOutcome> {
    const found = this.#targets.get(request.dataset);
    if (!found) return refusal(problem(404, `no dataset ${request.dataset.slice(0, 80)} takes events`));
    const ack = request.ack ?? 'bus';
    if (ack !== 'bus' && ack !== 'lake') return refusal(problem(400, 'ack is bus or lake'));
    const plain = await decompress(request.body, request.contentEncoding, this.#options.limits);
    if ('status' in plain) return refusal(plain);
    const read = readBody(plain, request.contentType, this.#options.limits);
    if (read.kind === 'problem') return refusal(read.problem);
    try {
      const { good, errors } = await this.#store(found, ack, read.body, request.traceparent);
      const answer = { accepted: good.length, rejected: errors.length, items: errors.slice(0, LISTED_ERRORS) };
      this.#options.events.eventsTaken(request.dataset, ack, answer);
      if (good.length > 0) return { status: 202, answer };
      return { status: 422, problem: { ...problem(422, 'no event of the body can be stored; see items'), ...answer } };
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      this.#options.events.eventsRefused(request.dataset, error);
      const detail = `the events are not known to be stored (${error.code}); send them again`;
      return refusal(problem(503, detail, RETRY_AFTER_SECONDS));
    }
  }

  /** Lands what requests with `ack=lake` wait for. */
  async finish(): Promise<void> {
    await Promise.all([...this.#targets.values()].map(({ collector }) => collector.flush()));
  }

  async #store(found: Target, ack: 'bus' | 'lake', body: EventsBody, trace: string | undefined): Promise<CheckedItems> {
    const checked = found.check(body);
    if (ack === 'lake') return this.#toLake(found, checked, trace);
    await this.#toBus(found.target, body, checked.good, trace);
    return checked;
  }

  async #toBus(
    target: EventDataset,
    body: EventsBody,
    good: readonly GoodItem[],
    trace: string | undefined,
  ): Promise<void> {
    const { broker, landing } = this.#options;
    const messages = eventsMessages(target.dataset, body, good);
    if (messages.length === 0) return;
    if (!broker.connected) throw new RollcallError('nats/unavailable', 'the broker is not connected');
    const headers = trace === undefined ? {} : { traceparent: trace };
    const publish = () => broker.publishMany(appEvents(target.dataset.name), messages, { headers });
    await landing.effects.run('http.publish', publish);
  }

  async #toLake(
    { target, collector }: Target,
    checked: CheckedItems,
    trace: string | undefined,
  ): Promise<CheckedItems> {
    const errors: ItemError[] = [...checked.errors];
    const good: GoodItem[] = [];
    const collected: CollectedEvent[] = [];
    for (const item of checked.good) {
      const outcome = target.readRow(item.value);
      if (outcome.kind === 'ok') {
        good.push(item);
        collected.push({ row: outcome.value, text: item.text ?? JSON.stringify(item.value) });
      } else {
        errors.push({ index: item.index, status: 422, error: outcome.reason });
      }
    }
    await collector.add(collected, trace);
    return { good, errors: errors.sort((a, b) => a.index - b.index) };
  }
}

function refusal(refused: Problem): EventsOutcome {
  return { status: refused.status, problem: refused };
}
