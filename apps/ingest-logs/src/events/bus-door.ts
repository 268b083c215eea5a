import { hash } from 'node:crypto';
import { appEvents, traceparent } from '@rollcall/contracts';
import { dead, isoMicros, ok, utcDay, type Verdict } from '@rollcall/kernel';
import { readCursor } from '@rollcall/lake';
import { activeTraceparent, type Delivery } from '@rollcall/messaging';
import { landBatch, type Landing } from '../land-batch.js';
import { EventBatch } from './event-batch.js';
import type { EventDataset } from './event-dataset.js';
import { messagePositions } from './message-position.js';
import { readMessage } from './read-message.js';

export interface BusDoorOptions {
  readonly landing: Landing;
  readonly datasets: ReadonlyMap<string, EventDataset>;
  readonly quarantineKey?: string | undefined;
}

interface Group {
  readonly target: EventDataset;
  readonly deliveries: Delivery[];
}

/**
 * Messages of `events.v1.<dataset>` into the lake, a batch object for each dataset among them. A verdict of `ok` means that the event is in
 * a durable, announced object: only then is it acknowledged. The same messages may come again in any grouping.
 */
export class BusDoor {
  readonly #options: BusDoorOptions;
  readonly #bySubject: ReadonlyMap<string, EventDataset>;

  constructor(options: BusDoorOptions) {
    this.#options = options;
    this.#bySubject = new Map([...options.datasets].map(([name, target]) => [appEvents(name).subject, target]));
  }

  async handle(deliveries: readonly Delivery[]): Promise<readonly Verdict[]> {
    const groups = new Map<string, Group>();
    for (const delivery of deliveries) {
      const target = this.#bySubject.get(delivery.subject);
      if (!target) continue;
      const group = groups.get(delivery.subject);
      if (group) group.deliveries.push(delivery);
      else groups.set(delivery.subject, { target, deliveries: [delivery] });
    }
    const verdicts = new Map<string, Verdict>();
    for (const [subject, group] of groups) verdicts.set(subject, await this.#land(group));
    return deliveries.map(({ subject }) => verdicts.get(subject) ?? dead('load/unknown-dataset'));
  }

  async #land({ target, deliveries }: Group): Promise<Verdict> {
    const { landing, quarantineKey } = this.#options;
    const { dataset } = target;
    try {
      const epoch = (await readCursor(landing.lake, dataset.source, dataset.name))?.value.epoch ?? 0;
      const batch = new EventBatch(dataset, quarantineKey);
      for (const delivery of deliveries) addMessage(batch, target, delivery, epoch);
      const taken = deliveries.reduce(
        (min, d) => (d.timestampMicros < min ? d.timestampMicros : min),
        nowOf(deliveries),
      );
      const facts = {
        origin: appEvents(dataset.name).subject,
        trace: activeTraceparent() ?? traceOf(deliveries),
        extractedAt: isoMicros(landing.clock.nowMicros()),
        asOfDay: utcDay(taken),
      };
      for (const made of batch.batches(facts)) await landBatch(landing, 'bus', made);
      return ok(undefined);
    } catch (error) {
      return { kind: 'threw', error };
    }
  }
}

function addMessage(batch: EventBatch, target: EventDataset, delivery: Delivery, epoch: number): void {
  const { data, timestampMicros } = delivery;
  const digest = hash('sha256', data, 'hex');
  const positionOf = messagePositions(epoch, timestampMicros, digest);
  const refuse = (reason: string, item: number, bytes: Uint8Array, part: string): void => {
    const place = `message ${delivery.stream} ${isoMicros(timestampMicros)}${part}`;
    batch.reject({ reason, place, position: positionOf(item), bytes, length: bytes.length }, `${digest}${part}`);
  };
  const message = readMessage(data);
  if (message.kind !== 'ok') return refuse(message.reason, 0, data, '');
  const events = message.value;
  for (let item = 0; item < events.length; item++) {
    const outcome = target.readRow(events[item]);
    const alone = events.length === 1;
    if (outcome.kind === 'ok') batch.add(outcome.value, positionOf(item), alone ? digest : `${digest} item ${item}`);
    else if (alone) refuse(outcome.reason, item, data, '');
    else refuse(outcome.reason, item, Buffer.from(JSON.stringify(events[item])), ` item ${item}`);
  }
}

function nowOf(deliveries: readonly Delivery[]): bigint {
  return deliveries[0]?.timestampMicros ?? 0n;
}

/** Reading headers costs as much as reading the event: of a large batch only the first messages are asked, as many as a span has links. */
const ASKED_FOR_TRACE = 128;

/** The trace of the first message that has one: without telemetry in this process nobody made a span for the batch. */
function traceOf(deliveries: readonly Delivery[]): string | undefined {
  for (const { headers } of deliveries.slice(0, ASKED_FOR_TRACE)) {
    const found = headers?.get('traceparent');
    if (found && traceparent.safeParse(found).success) return found;
  }
  return undefined;
}
