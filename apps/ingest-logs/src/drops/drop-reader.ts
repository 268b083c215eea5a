import type { Dataset, DropRule, PiiKey } from '@rollcall/catalog';
import type { Document, ObjectStore, StoredObject } from '@rollcall/lake';
import type { Landing } from '../land-batch.js';
import type { DropLedger } from './drop-ledger.js';
import type { DropRecord } from './drop-record.js';
import { previewDrop } from './drop-preview.js';
import { DropReading } from './drop-reading.js';
import { takeFingerprint, type Fingerprint } from './fingerprint.js';

export interface DropReaderOptions {
  /** Where people put files. */
  readonly drops: ObjectStore;
  readonly ledger: DropLedger;
  readonly landing: Landing;
  readonly quarantineKey?: string | undefined;
  readonly piiKey?: PiiKey | undefined;
  /** Stops between two batches. */
  readonly signal: AbortSignal;
}

/** A dataset that takes dropped files. */
export interface DropDataset {
  readonly dataset: Dataset;
  readonly rule: DropRule;
}

/** What became of a dropped object. The counts are what this reading added. */
export type DropOutcome =
  | {
      /** `previewed`: read for its counts alone. */
      readonly kind: 'done' | 'refused' | 'previewed';
      readonly reason?: string;
      readonly rows: number;
      readonly rejected: number;
      readonly batches: number;
    }
  /**
   * `known`: its content was read before. `busy`: somebody else reads it, or took it over. `changed`: it is being written, or gone: look
   * again later. `stopped`: the service ends; the record says where to go on.
   */
  | { readonly kind: 'known' | 'busy' | 'changed' | 'stopped' };

export interface DropRequest {
  readonly run?: string | undefined;
  readonly trace?: string | undefined;
  /** Read it again although its content is known: the same batches are announced once more. */
  readonly again?: boolean;
  /** Count what it would add, and have no effect. */
  readonly dryRun?: boolean;
}

/** Reads dropped objects into the lake, batch by batch: object, announcement, progress. An interrupted one goes on where its record stands. */
export class DropReader {
  readonly #options: DropReaderOptions;

  constructor(options: DropReaderOptions) {
    this.#options = options;
  }

  async read(target: DropDataset, object: StoredObject, request: DropRequest = {}): Promise<DropOutcome> {
    const { drops, ledger } = this.#options;
    const { dataset } = target;
    if (request.dryRun) return this.#preview(target, object);
    if (!request.again && (await ledger.seen(dataset.name, object)) !== undefined) return { kind: 'known' };
    const chunks = await drops.stream(object.key);
    if (!chunks) return { kind: 'changed' };
    const print = await takeFingerprint(chunks);
    if (print.size !== object.size) return { kind: 'changed' };
    const found = await ledger.open(dataset, object, print);
    if (found.value.status === 'reading') return this.#claim(target, object, print, found, request);
    if (request.again) return this.#claim(target, object, print, await ledger.reopen(found), request);
    await ledger.addKey(found.value, object.key);
    await ledger.remember(dataset.name, object, print.sha256);
    return { kind: 'known' };
  }

  async #preview(target: DropDataset, object: StoredObject): Promise<DropOutcome> {
    const { drops, ledger, piiKey } = this.#options;
    if ((await ledger.seen(target.dataset.name, object)) !== undefined) return { kind: 'known' };
    return { kind: 'previewed', batches: 0, ...(await previewDrop(drops, target, object, piiKey)) };
  }

  async #claim(
    target: DropDataset,
    object: StoredObject,
    print: Fingerprint,
    found: Document<DropRecord>,
    request: DropRequest,
  ): Promise<DropOutcome> {
    const held = await this.#options.ledger.hold(found, object.key);
    if (!held) return { kind: 'busy' };
    const reading = new DropReading(this.#options, target, object, print, held, request);
    const outcome = await reading.run();
    if (outcome.kind === 'done' || outcome.kind === 'refused') {
      await this.#options.ledger.remember(target.dataset.name, object, print.sha256);
    }
    return outcome;
  }
}
