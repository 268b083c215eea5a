import type { Dataset } from '@rollcall/catalog';
import type { Range } from '@rollcall/contracts';
import { isoMicros, positionIndex, positionPrefix, utcDay } from '@rollcall/kernel';
import type { NewBatch } from '@rollcall/lake';
import { RejectedColumns } from '../rows/rejected-columns.js';
import { RowColumns } from '../rows/row-columns.js';
import type { DropRecord } from './drop-record.js';
import type { FileItem } from './file-reader.js';
import type { FilePlan } from './record-reader.js';

export interface DropBatchOptions {
  readonly dataset: Dataset;
  readonly record: DropRecord;
  readonly quarantineKey: string | undefined;
  readonly run: string | undefined;
  readonly trace: string | undefined;
}

/**
 * Rows and rejected lines of one stretch of a dropped file. Where a stretch ends depends on the file and the flush rule alone, so a
 * retry makes the same batches.
 */
export class DropBatch {
  readonly #options: DropBatchOptions;
  /** The part of `_position` that the whole content shares; its lines follow. */
  readonly #prefix: string;
  readonly #rows: RowColumns;
  readonly #rejected: RejectedColumns;
  readonly #from: number;
  #to: number;
  #nextLine: number;

  constructor(options: DropBatchOptions) {
    const { dataset, record, quarantineKey } = options;
    this.#options = options;
    this.#prefix = positionPrefix(record.epoch, BigInt(record.point));
    this.#rows = new RowColumns(dataset);
    this.#rejected = new RejectedColumns(dataset, quarantineKey);
    this.#from = record.offset;
    this.#to = record.offset;
    this.#nextLine = record.line;
  }

  get rows(): number {
    return this.#rows.count;
  }

  get rejected(): number {
    return this.#rejected.count;
  }

  get isFull(): boolean {
    const { flush } = this.#options.dataset;
    return this.rows + this.rejected >= flush.rows || this.#to - this.#from >= flush.bytes;
  }

  /** Where the next batch begins, and on which line. */
  get end(): { readonly offset: number; readonly line: number } {
    return { offset: this.#to, line: this.#nextLine };
  }

  add(item: FileItem, plan: FilePlan | undefined): void {
    this.#to = item.to;
    this.#nextLine = item.nextLine;
    const position = this.#prefix + positionIndex(item.line);
    if (item.kind === 'row') return this.#rows.add(item.row, position);
    const { reason, bytes, line, from, to } = item;
    const header = plan?.header;
    this.#rejected.add({
      reason,
      place: `line ${line}`,
      position,
      bytes,
      length: to - from,
      format: plan?.layout.format === 'ndjson' ? 'json' : 'csv',
      ...(header && { header }),
    });
  }

  /** What to write: none, one or both lanes. */
  batches(): NewBatch[] {
    const { dataset, record, run, trace } = this.#options;
    const range: Range = { kind: 'drop', sha256: record.sha256, from: this.#from, to: this.#to };
    const seen = BigInt(record.point);
    const shared = {
      source: record.source,
      dataset: dataset.name,
      range,
      contract: dataset.version,
      origin: record.keys[0] ?? '',
      extractedAt: isoMicros(seen),
      asOfDay: utcDay(seen),
      ...(run !== undefined && { run }),
      ...(trace !== undefined && { trace }),
    };
    return [
      ...(this.rows > 0 ? [{ ...shared, lane: 'rows' as const, columns: this.#rows.columns() }] : []),
      ...(this.rejected > 0 ? [{ ...shared, lane: 'rejected' as const, columns: this.#rejected.columns() }] : []),
    ];
  }
}
