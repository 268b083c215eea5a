import type { Dataset } from '@rollcall/catalog';
import { batchWritten, type BatchWritten, type Range } from '@rollcall/contracts';
import { isoMicros, utcDay, type Clock } from '@rollcall/kernel';
import { VectorBatchWriter, type BatchFacts, type ObjectStore, type VectorGroup } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { ExtractEffects } from '../effects.js';

/** What is needed to land rows: every SourceContext has it. */
export interface Landing {
  readonly lake: ObjectStore;
  readonly broker: Pick<Broker, 'publish'>;
  readonly effects: ExtractEffects;
  readonly clock: Clock;
  readonly events: LandingEvents;
}

export interface LandingEvents {
  batchLanded(dataset: Dataset, written: BatchWritten): void;
}

export interface LandRequest {
  readonly dataset: Dataset;
  readonly range: Range;
  /** The rows: groups of the same columns, at least one; or what they were written into already. */
  readonly groups: readonly VectorGroup[] | VectorBatchWriter;
  /** For people: the table. */
  readonly origin: string;
  /** Microseconds since 1970: the day of the batch, the same for every retry that writes the same range. */
  readonly asOf: bigint;
  readonly run?: string;
  readonly after?: string;
  readonly needs?: readonly string[];
}

/**
 * Puts a batch into the lake, then announces it. When it returns, the object is durable and the broker has stored the announcement.
 * It may be called again with the same range: the object is put once, and what stands there is announced again.
 */
export async function landBatch(landing: Landing, request: LandRequest): Promise<BatchWritten> {
  const { lake, broker, effects, clock, events } = landing;
  const { dataset, range, groups, origin, asOf, run, after, needs } = request;
  const writer = groups instanceof VectorBatchWriter ? groups : await writerOf(groups);
  const facts: BatchFacts = {
    source: dataset.source,
    dataset: dataset.name,
    lane: 'rows',
    range,
    contract: dataset.version,
    origin,
    extractedAt: isoMicros(clock.nowMicros()),
    asOfDay: utcDay(asOf),
    ...(run !== undefined && { run }),
    ...(after !== undefined && { after }),
    ...(needs !== undefined && { needs }),
  };
  const written = await effects.run('batch.object', () => writer.finish(lake, facts));
  await effects.run('batch.announce', () => broker.publish(batchWritten, written));
  events.batchLanded(dataset, written);
  return written;
}

async function writerOf(groups: readonly VectorGroup[]): Promise<VectorBatchWriter> {
  const writer = new VectorBatchWriter(groups[0]?.columns ?? []);
  for (const group of groups) await writer.add(group);
  return writer;
}
