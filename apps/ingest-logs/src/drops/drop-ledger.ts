import type { Dataset } from '@rollcall/catalog';
import { isoMicros, RollcallError, type Clock } from '@rollcall/kernel';
import {
  createDocument,
  nextPoint,
  readDocument,
  updateDocument,
  type Document,
  type ObjectStore,
  type StoredObject,
} from '@rollcall/lake';
import type { IngestEffects } from '../effects.js';
import {
  dropRecord,
  dropRecordKey,
  newDropRecord,
  seenDocument,
  seenKey,
  withKey,
  withLease,
  type DropRecord,
} from './drop-record.js';
import type { Fingerprint } from './fingerprint.js';

const MICROS_PER_MS = 1000n;

export interface DropLedgerOptions {
  readonly lake: ObjectStore;
  readonly effects: IngestEffects;
  readonly clock: Clock;
  /** A name nobody else uses: process and random part. */
  readonly owner: string;
  readonly leaseMs: number;
}

/** A record this process may move, as long as nobody else has taken it over. */
export interface HeldDrop {
  readonly record: DropRecord;
  readonly etag: string;
}

/** What is known of dropped contents, kept in the lake. Every change is a compare-and-swap. */
export class DropLedger {
  readonly #options: DropLedgerOptions;

  constructor(options: DropLedgerOptions) {
    this.#options = options;
  }

  /** The content that stood under a key when it had this size and version; undefined when it must be looked at again. */
  async seen(dataset: string, object: StoredObject): Promise<string | undefined> {
    const found = await readDocument(this.#options.lake, seenKey(dataset, object.key), seenDocument);
    const same = found && found.value.size === object.size && found.value.etag === object.etag;
    return same ? found.value.sha256 : undefined;
  }

  /** Remembers what stands under a key; only once nothing of it is left to do. */
  async remember(dataset: string, object: StoredObject, sha256: string): Promise<void> {
    const { key, size, etag } = object;
    const { lake, effects } = this.#options;
    const value = { format: 1 as const, key, size, etag, sha256 };
    await effects.run('drop.seen', () => updateDocument(lake, seenKey(dataset, key), seenDocument, () => value));
  }

  /** The record of a content, made when it is new. `firstSeen` points are given once: of two that see it at once, one record stands. */
  async open(dataset: Dataset, object: StoredObject, print: Fingerprint): Promise<Document<DropRecord>> {
    const { lake, effects, clock } = this.#options;
    const key = dropRecordKey(dataset.name, print.sha256);
    for (;;) {
      const found = await readDocument(lake, key, dropRecord);
      if (found) return found;
      const { epoch, point } = await nextPoint(lake, dataset.source, dataset.name, clock);
      const { sha256, size } = print;
      const first = { source: dataset.source, dataset: dataset.name, sha256, size, epoch, point: point.toString() };
      const record = newDropRecord({ ...first, key: object.key });
      const created = await effects.run('drop.record', () => createDocument(lake, key, record));
      if (created) return { value: record, etag: created.etag };
    }
  }

  /** Adds a name to a content that is known already. */
  async addKey(record: DropRecord, key: string): Promise<void> {
    if (!withKey(record, key)) return;
    await updateDocument(this.#options.lake, dropRecordKey(record.dataset, record.sha256), dropRecord, (current) =>
      current ? withKey(current, key) : undefined,
    );
  }

  /** Takes the lease, noting the name the content was found under. Undefined: somebody else reads it, or it has been read. */
  async hold(found: Document<DropRecord>, key: string): Promise<HeldDrop | undefined> {
    const named = withKey(found.value, key) ?? found.value;
    const record = withLease(named, this.#options.owner, this.#now(), this.#until());
    return record && this.#swap({ record: found.value, etag: found.etag }, record);
  }

  /** The content as it stood before it was first read, positions and all, for reading it once more. */
  async reopen(found: Document<DropRecord>): Promise<Document<DropRecord>> {
    const { source, dataset, sha256, size, epoch, point, keys } = found.value;
    const record = { ...newDropRecord({ source, dataset, sha256, size, epoch, point, key: '' }), keys };
    const held = await this.#swap({ record: found.value, etag: found.etag }, record);
    if (!held) throw new RollcallError('lake/conflict', `drop ${sha256} of ${dataset} was changed by somebody else`);
    return { value: held.record, etag: held.etag };
  }

  /** Gives the lease back at once, for somebody else to go on. */
  async release(held: HeldDrop): Promise<void> {
    const { lease: _over, ...record } = held.record;
    await this.#swap(held, record);
  }

  /** Moves the record and renews the lease. Undefined: it has been taken over, so stop. */
  async move(held: HeldDrop, change: Partial<DropRecord>): Promise<HeldDrop | undefined> {
    const { owner } = this.#options;
    return this.#swap(held, { ...held.record, ...change, lease: { owner, until: this.#until() } });
  }

  /** Marks the content as read to its end (or as far as it can be). Undefined: it has been taken over. */
  async finish(held: HeldDrop, change: Partial<DropRecord>): Promise<HeldDrop | undefined> {
    const { lease: _over, ...record } = held.record;
    return this.#swap(held, { ...record, ...change, finishedAt: this.#now() });
  }

  async #swap(held: HeldDrop, record: DropRecord): Promise<HeldDrop | undefined> {
    const { lake, effects } = this.#options;
    const key = dropRecordKey(record.dataset, record.sha256);
    const bytes = Buffer.from(`${JSON.stringify(record, undefined, 2)}\n`);
    const { replaced, etag } = await effects.run('drop.progress', () => lake.replace(key, bytes, held.etag));
    return replaced ? { record, etag } : undefined;
  }

  #now(): string {
    return isoMicros(this.#options.clock.nowMicros());
  }

  #until(): string {
    const { clock, leaseMs } = this.#options;
    return isoMicros(clock.nowMicros() + BigInt(leaseMs) * MICROS_PER_MS);
  }
}
