import { createHash } from 'node:crypto';
import type { ReadRow } from '@rollcall/catalog';
import type { Range } from '@rollcall/contracts';
import type { NewBatch } from '@rollcall/lake';
import { RejectedColumns, type Rejected } from '../rows/rejected-columns.js';
import { RowColumns } from '../rows/row-columns.js';
import type { EventDataset } from './event-dataset.js';

/** What says of a batch of events where it came from. */
export interface EventBatchFacts {
  readonly origin: string;
  readonly trace?: string | undefined;
  /** ISO instant. */
  readonly extractedAt: string;
  /** UTC day of the oldest event's arrival. */
  readonly asOfDay: string;
}

/** Tells one event from all others: its key, and the digest of the bytes it came in. */
interface Identity {
  readonly key: string;
  readonly digest: Uint8Array;
}

/**
 * Events of one dataset, gathered to a batch. Its range is a digest over the sorted identities, so the same events make the same batch in
 * whatever order they come; an event that says something new under an old key is another one.
 */
export class EventBatch {
  readonly #target: EventDataset;
  readonly #rows: RowColumns;
  readonly #rejected: RejectedColumns;
  readonly #taken: Identity[] = [];
  readonly #refused: Identity[] = [];

  constructor(target: EventDataset, quarantineKey: string | undefined) {
    this.#target = target;
    this.#rows = new RowColumns(target.dataset);
    this.#rejected = new RejectedColumns(target.dataset, quarantineKey);
  }

  get count(): number {
    return this.#taken.length + this.#refused.length;
  }

  /** @param digest of the bytes the event came in; events of one message share it */
  add(row: ReadRow, position: string, digest: Uint8Array): void {
    this.#taken.push({ key: row.key ?? this.#target.keyOf(row.values, row.rest), digest });
    this.#rows.add(row, position);
  }

  reject(rejected: Omit<Rejected, 'format'>, digest: Uint8Array): void {
    this.#refused.push({ key: rejected.position, digest });
    this.#rejected.add({ ...rejected, format: 'json' });
  }

  /** What to write: none, one or both lanes. */
  batches({ origin, trace, extractedAt, asOfDay }: EventBatchFacts): NewBatch[] {
    const { name, source, version } = this.#target.dataset;
    const facts = { origin, extractedAt, asOfDay, ...(trace !== undefined && { trace }) };
    const shared = { source, dataset: name, contract: version, ...facts };
    const made: NewBatch[] = [];
    if (this.#taken.length > 0) {
      made.push({ ...shared, lane: 'rows', range: eventsRange(this.#taken), columns: this.#rows.columns() });
    }
    if (this.#refused.length > 0) {
      made.push({ ...shared, lane: 'rejected', range: eventsRange(this.#refused), columns: this.#rejected.columns() });
    }
    return made;
  }
}

function eventsRange(identities: Identity[]): Range {
  const hash = createHash('sha256');
  for (const { key, digest } of identities.sort(byIdentity)) {
    hash.update(`${key.length}:${key}`);
    hash.update(digest);
  }
  return { kind: 'events', digest: hash.digest('hex'), count: identities.length };
}

function byIdentity(a: Identity, b: Identity): number {
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return Buffer.compare(a.digest, b.digest);
}
