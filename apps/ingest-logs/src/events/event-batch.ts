import type { Dataset, ReadRow } from '@rollcall/catalog';
import type { Range } from '@rollcall/contracts';
import { sha256Hex } from '@rollcall/kernel';
import type { NewBatch } from '@rollcall/lake';
import { RejectedColumns, type Rejected } from '../rows/rejected-columns.js';
import { RowColumns } from '../rows/row-columns.js';

/** What says of a batch of events where it came from. */
export interface EventBatchFacts {
  readonly origin: string;
  readonly trace?: string | undefined;
  /** ISO instant. */
  readonly extractedAt: string;
  /** UTC day of the oldest event's arrival. */
  readonly asOfDay: string;
}

/**
 * Events of one dataset, gathered to a batch. Its range is a digest over the sorted identities, so the same events make the same batch in
 * whatever order they come. An identity is made of the event's bytes: one that says something new under an old key is another one.
 */
export class EventBatch {
  readonly #dataset: Dataset;
  readonly #rows: RowColumns;
  readonly #rejected: RejectedColumns;
  readonly #taken: string[] = [];
  readonly #refused: string[] = [];

  constructor(dataset: Dataset, quarantineKey: string | undefined) {
    this.#dataset = dataset;
    this.#rows = new RowColumns(dataset);
    this.#rejected = new RejectedColumns(dataset, quarantineKey);
  }

  get count(): number {
    return this.#taken.length + this.#refused.length;
  }

  /** @param identity sha256 of the bytes the event came in; where they held several, with its number among them */
  add(row: ReadRow, position: string, identity: string): void {
    this.#taken.push(identity);
    this.#rows.add(row, position);
  }

  reject(rejected: Omit<Rejected, 'format'>, identity: string): void {
    this.#refused.push(identity);
    this.#rejected.add({ ...rejected, format: 'json' });
  }

  /** What to write: none, one or both lanes. */
  batches({ origin, trace, extractedAt, asOfDay }: EventBatchFacts): NewBatch[] {
    const { name, source, version } = this.#dataset;
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

function eventsRange(identities: string[]): Range {
  return { kind: 'events', digest: sha256Hex(identities.sort().join('\n')), count: identities.length };
}
