import type { Dataset } from '@rollcall/catalog';
import type { StoredObject } from '@rollcall/lake';
import { landBatch } from '../land-batch.js';
import { DropBatch } from './drop-batch.js';
import type { HeldDrop } from './drop-ledger.js';
import type { DropRecord } from './drop-record.js';
import type { DropDataset, DropOutcome, DropReaderOptions, DropRequest } from './drop-reader.js';
import { FileReader, type FileItem } from './file-reader.js';
import type { Fingerprint } from './fingerprint.js';
import { plainBytes } from './plain-bytes.js';

/** Thrown to unwind one reading; never leaves `run`. */
class Interrupted extends Error {
  constructor(readonly outcome: 'busy' | 'changed' | 'stopped') {
    super(outcome);
  }
}

/** One reading of one content under a lease, from where its record stands to its end. */
export class DropReading {
  readonly #options: DropReaderOptions;
  readonly #dataset: Dataset;
  readonly #object: StoredObject;
  readonly #print: Fingerprint;
  readonly #request: DropRequest;
  readonly #reader: FileReader;
  readonly #before: DropRecord;
  #held: HeldDrop;
  #batch: DropBatch;

  constructor(
    options: DropReaderOptions,
    target: DropDataset,
    object: StoredObject,
    print: Fingerprint,
    held: HeldDrop,
    request: DropRequest,
  ) {
    this.#options = options;
    this.#dataset = target.dataset;
    this.#object = object;
    this.#print = print;
    this.#held = held;
    this.#before = held.record;
    this.#request = request;
    const { plan, offset, line } = held.record;
    const resume = plan && offset > 0 ? { plan, offset, line } : undefined;
    this.#reader = new FileReader({ ...target, key: object.key, piiKey: options.piiKey, resume });
    this.#batch = this.#newBatch();
  }

  async run(): Promise<DropOutcome> {
    try {
      return await this.#readAll();
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (error.outcome !== 'busy') await this.#options.ledger.release(this.#held);
      return { kind: error.outcome };
    }
  }

  async #readAll(): Promise<DropOutcome> {
    const { drops } = this.#options;
    const { key } = this.#object;
    const source = {
      open: (from: number) => drops.stream(key, from),
      print: this.#print,
      isGzip: /\.gz$/i.test(key),
      offset: this.#held.record.offset,
    };
    for await (const slice of plainBytes(source)) {
      if (slice.kind === 'changed') throw new Interrupted('changed');
      const refused = await this.#take(slice.kind === 'corrupt' ? this.#corrupt() : this.#reader.push(slice.bytes));
      if (refused !== undefined) return this.#end('refused', refused);
      if (this.#options.signal.aborted) throw new Interrupted('stopped');
    }
    const refused = await this.#take(this.#reader.end());
    return refused === undefined ? this.#end('done') : this.#end('refused', refused);
  }

  /** A compressed file that ends badly: what came before is kept, the rest cannot be read. */
  #corrupt(): FileItem[] {
    const { offset, line } = this.#batch.end;
    const place = { line, nextLine: line, from: offset, to: offset };
    return [...this.#reader.end(), { kind: 'refused', reason: 'gzip-corrupt', ...place, bytes: new Uint8Array(0) }];
  }

  /** @returns why the file is refused, when it is */
  async #take(items: readonly FileItem[]): Promise<string | undefined> {
    let refused: string | undefined;
    for (const item of items) {
      this.#batch.add(item, this.#reader.plan);
      if (item.kind === 'refused') refused = item.reason;
      if (this.#batch.isFull) await this.#flush();
    }
    return refused;
  }

  /** Object, announcement, then progress: what a crash in between repeats is the same batch again. */
  async #flush(): Promise<void> {
    const { ledger, landing } = this.#options;
    const batches = this.#batch.batches();
    for (const batch of batches) await landBatch(landing, 'drop', batch);
    const { record } = this.#held;
    const { plan } = this.#reader;
    const moved = await ledger.move(this.#held, {
      ...(plan && { plan: { layout: plan.layout, ...(plan.header && { header: [...plan.header] }) } }),
      ...this.#batch.end,
      ...this.#totals(record, batches.length),
    });
    if (!moved) throw new Interrupted('busy');
    this.#held = moved;
    this.#batch = this.#newBatch();
  }

  async #end(status: 'done' | 'refused', reason?: string): Promise<DropOutcome> {
    if (this.#batch.rows + this.#batch.rejected > 0) await this.#flush();
    const change = { status, ...(reason !== undefined && { reason }) };
    const ended = await this.#options.ledger.finish(this.#held, change);
    if (!ended) throw new Interrupted('busy');
    this.#held = ended;
    const { rows, rejected, batches } = ended.record;
    const before = this.#before;
    const added = { rows: rows - before.rows, rejected: rejected - before.rejected, batches: batches - before.batches };
    return { kind: status, ...(reason !== undefined && { reason }), ...added };
  }

  #totals(record: DropRecord, batches: number): Pick<DropRecord, 'rows' | 'rejected' | 'batches'> {
    return {
      rows: record.rows + this.#batch.rows,
      rejected: record.rejected + this.#batch.rejected,
      batches: record.batches + batches,
    };
  }

  #newBatch(): DropBatch {
    const { quarantineKey } = this.#options;
    const { run, trace } = this.#request;
    return new DropBatch({ dataset: this.#dataset, record: this.#held.record, quarantineKey, run, trace });
  }
}
