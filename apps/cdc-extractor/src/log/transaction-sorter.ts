import { type Dataset } from '@rollcall/catalog';
import { parsePosition, positionPrefix } from '@rollcall/kernel';
import {
  type LogBegin,
  type LogCommit,
  type LogTruncate,
  type OldKind,
  type TupleView,
} from '@rollcall/source-postgres';
import { type OpenRows } from './cut.js';
import { DatasetRows, type LogRows } from './dataset-rows.js';
import { type LogTable } from './log-table.js';

/** A dataset that the stream feeds. */
export interface StreamedDataset {
  readonly name: string;
  readonly flush: Dataset['flush'];
  readonly epoch: number;
  /** The last one in the lake: what is not beyond it is passed over. Of a dataset without log rows the end of its snapshot. */
  readonly position: string;
}

/** What one cut lands. */
export interface Cut {
  /** Datasets with rows. Several batches of one only when its table changed in between; each goes on where the one before ended. */
  readonly datasets: readonly { readonly name: string; readonly batches: readonly LogRows[] }[];
  /** End of the last transaction that was received whole: up to here the slot may be confirmed, once all is landed. 0n: none was. */
  readonly end: bigint;
  /** When the last of them was committed: microseconds since 1970. */
  readonly committedAt: bigint;
  readonly rowCount: number;
}

interface Streamed {
  readonly dataset: StreamedDataset;
  readonly cursor: { readonly point: bigint; readonly index: number };
  rows: DatasetRows | undefined;
  /** Batches under earlier plans, since the last cut. */
  closed: LogRows[];
  closedRows: number;
  closedBytes: number;
  sinceMs: number | undefined;
  transaction: number;
}

/**
 * Sorts the changes of transactions, in the order of their commits, into rows per dataset. Feed it what pgoutput says, in that order; everything
 * between two calls of `take` is one cut. Nothing in it is durable: after a failure a new one begins at the cursors.
 */
export class TransactionSorter {
  readonly #streamed: ReadonlyMap<string, Streamed>;
  readonly #byRelation = new Map<number, readonly Streamed[]>();
  #transaction = 0;
  #lsn = 0n;
  #committedAt = 0n;
  #end = 0n;
  inTransaction = false;

  constructor(datasets: readonly StreamedDataset[]) {
    this.#streamed = new Map(datasets.map((dataset) => [dataset.name, streamedOf(dataset)]));
  }

  /** How rows of a relation are read from now on. An earlier plan's rows become a batch of their own. */
  route(relation: number, tables: readonly LogTable[]): void {
    const routed = tables.flatMap((table) => {
      const one = this.#streamed.get(table.dataset);
      if (!one) return [];
      const before = one.rows;
      const taken = before?.take();
      if (taken && before) {
        one.closed.push(taken);
        one.closedRows += taken.rowCount;
        one.closedBytes += taken.groups.reduce((sum, group) => sum + bytesOf(group), 0);
      }
      one.rows = new DatasetRows(table, before);
      return [one];
    });
    this.#byRelation.set(relation, routed);
  }

  begin({ finalLsn, committedAt }: LogBegin): void {
    this.#transaction += 1;
    this.#lsn = finalLsn;
    this.#committedAt = committedAt;
    this.inTransaction = true;
  }

  insert(relation: number, next: TupleView): void {
    for (const one of this.#of(relation)) this.#rowsOf(one)?.insert(next);
  }

  update(relation: number, next: TupleView, old: TupleView | undefined, oldKind: OldKind | undefined): void {
    for (const one of this.#of(relation)) this.#rowsOf(one)?.update(next, old, oldKind);
  }

  delete(relation: number, old: TupleView, oldKind: OldKind): void {
    for (const one of this.#of(relation)) this.#rowsOf(one)?.delete(old, oldKind);
  }

  truncate({ relationOids }: Pick<LogTruncate, 'relationOids'>): void {
    for (const relation of relationOids) for (const one of this.#of(relation)) this.#rowsOf(one)?.truncate();
  }

  /** `nowMs`: of any clock, always the same one. */
  commit({ endLsn }: Pick<LogCommit, 'endLsn'>, nowMs: number): void {
    this.#end = endLsn;
    this.inTransaction = false;
    for (const one of this.#streamed.values()) if (rowCountOf(one) > 0) one.sinceMs ??= nowMs;
  }

  /** A keepalive says that the log up to `end` was sent, and has nothing of ours behind the last commit. */
  passed(end: bigint): void {
    if (!this.inTransaction && end > this.#end) this.#end = end;
  }

  open(nowMs: number): OpenRows[] {
    return [...this.#streamed.values()].map((one) => ({
      flush: one.dataset.flush,
      rowCount: rowCountOf(one),
      byteLength: one.closedBytes + (one.rows?.byteLength ?? 0),
      ageMs: nowMs - (one.sinceMs ?? nowMs),
    }));
  }

  /** End of what was received whole. */
  get end(): bigint {
    return this.#end;
  }

  get hasRows(): boolean {
    for (const one of this.#streamed.values()) if (rowCountOf(one) > 0) return true;
    return false;
  }

  /** Everything since the last cut. */
  take(): Cut {
    let rowCount = 0;
    const datasets = [...this.#streamed.values()].flatMap((one) => {
      const taken = one.rows?.take();
      const batches = taken ? [...one.closed, taken] : one.closed;
      one.closed = [];
      one.closedRows = one.closedBytes = 0;
      one.sinceMs = undefined;
      rowCount += batches.reduce((sum, batch) => sum + batch.rowCount, 0);
      return batches.length === 0 ? [] : [{ name: one.dataset.name, batches }];
    });
    return { datasets, end: this.#end, committedAt: this.#committedAt, rowCount };
  }

  #of(relation: number): readonly Streamed[] {
    return this.#byRelation.get(relation) ?? [];
  }

  #rowsOf(one: Streamed): DatasetRows | undefined {
    if (one.transaction === this.#transaction) return one.rows;
    one.transaction = this.#transaction;
    const { cursor, dataset } = one;
    const passOver = this.#lsn < cursor.point ? Infinity : this.#lsn === cursor.point ? cursor.index : 0;
    one.rows?.begin({ prefix: positionPrefix(dataset.epoch, this.#lsn), committedAt: this.#committedAt, passOver });
    return one.rows;
  }
}

function streamedOf(dataset: StreamedDataset): Streamed {
  const position = parsePosition(dataset.position);
  if (!position || position.epoch !== dataset.epoch)
    throw new RangeError(`log of ${dataset.name}: ${dataset.position} is no position of epoch ${dataset.epoch}`);
  const cursor = { point: position.point, index: position.index };
  return {
    dataset,
    cursor,
    rows: undefined,
    closed: [],
    closedRows: 0,
    closedBytes: 0,
    sinceMs: undefined,
    transaction: 0,
  };
}

function rowCountOf(one: Streamed): number {
  return one.closedRows + (one.rows?.rowCount ?? 0);
}

function bytesOf(group: LogRows['groups'][number]): number {
  return group.columns.reduce((sum, { vector }) => sum + vector.body.length, 0);
}
