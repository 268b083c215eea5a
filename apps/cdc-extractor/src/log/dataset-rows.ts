import { RollcallError } from '@rollcall/kernel';
import { type VectorGroup } from '@rollcall/lake';
import { NULL_FIELD, TEXT_FIELD, type OldKind, type TupleView } from '@rollcall/source-postgres';
import { fieldKind, type LogTableColumn, type LogTable } from './log-table.js';
import { MetaColumns, SPARSE_META, type Op, type RowMeta } from './meta-columns.js';
import { OpenColumn } from './open-column.js';
import { RowKeys } from './row-key.js';
import { RowLineage, type Lineage } from './row-lineage.js';

/** Bytes of the log that become one row group. */
const GROUP_BYTES = 8 << 20;
/** What the columns beside the table's own take in memory, a row. */
const META_BYTES = 64;

/** The rows of a batch, out of the builders. */
export interface LogRows {
  readonly table: LogTable;
  readonly groups: readonly VectorGroup[];
  readonly rowCount: number;
  readonly first: string;
  readonly last: string;
  /** When the first of them was committed: microseconds since 1970. */
  readonly committedAt: bigint;
}

/** A transaction, as the rows of one dataset need it. */
export interface RowPlace {
  /** Epoch and commit LSN of their positions. */
  readonly prefix: string;
  /** Microseconds since 1970. */
  readonly committedAt: bigint;
  /** Rows with an index up to here are in the lake already. */
  readonly passOver: number;
}

/**
 * The rows of one dataset between two cuts, by columns. An index is given to each row, from 1 inside a transaction, over the rows of this dataset alone:
 * so it stays the same whatever other tables are captured. Rows that are in the lake already are passed over, and counted.
 */
export class DatasetRows {
  readonly table: LogTable;
  /** Rows since the last cut. */
  rowCount = 0;
  /** Bytes in memory since the last cut, about. */
  byteLength = 0;
  readonly #meta: MetaColumns;
  readonly #columns: readonly { readonly column: LogTableColumn; readonly open: OpenColumn; readonly isKey: boolean }[];
  readonly #keys: RowKeys;
  readonly #isKeyed: boolean;
  readonly #lineage = new RowLineage();
  #groups: VectorGroup[] = [];
  #groupRows = 0;
  #groupBytes = 0;
  #place: RowPlace | undefined;
  #index = 0;
  #passOver = 0;
  #first = '';
  #firstCommittedAt = 0n;

  /** `previous`: the rows of the same dataset under another plan, whose transaction goes on here. */
  constructor(table: LogTable, previous?: DatasetRows) {
    const { key, columns, hashKey } = table;
    this.table = table;
    this.#meta = new MetaColumns(hashKey !== undefined);
    this.#columns = columns.map((column, at) => ({
      column,
      open: new OpenColumn(column.type),
      isKey: key.length === 0 || key.includes(at),
    }));
    this.#keys = new RowKeys(table);
    this.#isKeyed = key.length > 0;
    const place = previous && previous.#place;
    if (!place) return;
    this.begin(place);
    this.#index = previous.#index;
  }

  begin(place: RowPlace): void {
    this.#place = place;
    this.#meta.begin(place.prefix, place.committedAt);
    this.#index = 0;
    this.#passOver = place.passOver;
  }

  insert(next: TupleView): void {
    if ((this.#index += 1) <= this.#passOver) return;
    if (this.#isKeyed) this.#lineage.inserted(this.#keys.identity(next), this.rowCount);
    this.#write(next, undefined, -1, undefined, false);
  }

  /** `old`: what the log gives of the row before: its identity where that changed, or all of it. */
  update(next: TupleView, old: TupleView | undefined, oldKind: OldKind | undefined): void {
    if (!this.#isKeyed) {
      this.delete(old, oldKind);
      if ((this.#index += 1) > this.#passOver) this.#write(next, old, -1, undefined, false);
      return;
    }
    const now = this.#keys.identity(next, old);
    const before = old ? this.#keys.identity(old) : now;
    if (!old || before === now) {
      if ((this.#index += 1) > this.#passOver) this.#writeUpdate(next, old, this.#lineage.of(now), false);
      return;
    }
    if ((this.#index += 2) <= this.#passOver) return;
    this.#writeDelete(old, this.#index - 1);
    this.#writeUpdate(
      next,
      old,
      this.#lineage.moved(before, now, () => this.#keys.text(old)),
      true,
    );
  }

  /** Without a key nothing less than the whole old row tells which it was: else code `source/unfit`. */
  delete(old: TupleView | undefined, oldKind: OldKind | undefined): void {
    if (!old || (!this.#isKeyed && oldKind !== 'full')) throw lacksIdentity(this.table.dataset);
    if ((this.#index += 1) <= this.#passOver) return;
    if (this.#isKeyed) this.#lineage.deleted(this.#keys.identity(old));
    this.#writeDelete(old, this.#index);
  }

  truncate(): void {
    if ((this.#index += 1) <= this.#passOver) return;
    this.#lineage.clear();
    for (const { open } of this.#columns) open.null();
    this.#endRow('t', this.#index, 0);
  }

  /** The rows since the last cut; undefined when there are none. Begins the next batch. */
  take(): LogRows | undefined {
    if (this.rowCount === 0) return undefined;
    this.#endGroup();
    const taken = {
      table: this.table,
      groups: withoutEmpty(this.#groups),
      rowCount: this.rowCount,
      first: this.#first,
      last: this.#meta.position,
      committedAt: this.#firstCommittedAt,
    };
    this.#groups = [];
    this.rowCount = this.byteLength = 0;
    this.#lineage.clear();
    for (const { open } of this.#columns) open.endBatch();
    return taken;
  }

  #writeUpdate(next: TupleView, old: TupleView | undefined, lineage: Lineage, moved: boolean): void {
    const row = this.rowCount;
    this.#write(next, old, lineage.row, lineage.base ?? undefined, moved);
    lineage.row = row;
  }

  /**
   * One `u` row. A value that the log did not repeat is taken from the old row where that tells it (a NULL there tells nothing: that is also what
   * stands for a column added with a DEFAULT), else from the row's last one in this batch, else it is named in `_unchanged`.
   */
  #write(next: TupleView, old: TupleView | undefined, last: number, base: string | undefined, moved: boolean): void {
    let unchanged: string[] | undefined;
    let bytes = next.source.length;
    for (const { column, open } of this.#columns) {
      const { field } = column;
      const kind = fieldKind(next, field);
      if (kind === TEXT_FIELD) fromTuple(open, column, next);
      else if (kind === NULL_FIELD) open.null();
      else if (old && fieldKind(old, field) === TEXT_FIELD) bytes += fromTuple(open, column, old);
      else if (last >= 0 && open.knows(last)) bytes += open.repeat(last);
      else {
        open.unknown();
        (unchanged ??= []).push(column.name);
      }
    }
    const hash = this.#keys.hash(next, old);
    this.#endRow('u', this.#index, bytes, {
      ...(hash !== undefined && { key: hash }),
      ...(unchanged && { unchanged: JSON.stringify(unchanged) }),
      ...(base !== undefined && (moved || unchanged) && { prevKey: base }),
    });
  }

  /** With a key its columns alone, else the whole row. */
  #writeDelete(old: TupleView, index: number): void {
    for (const { column, open, isKey } of this.#columns) {
      if (isKey && fieldKind(old, column.field) === TEXT_FIELD) fromTuple(open, column, old);
      else open.null();
    }
    const hash = this.#keys.hash(old);
    this.#endRow('d', index, old.source.length, hash === undefined ? undefined : { key: hash });
  }

  #endRow(op: Op, index: number, bytes: number, rest?: RowMeta): void {
    this.#meta.row(op, index, rest);
    if (this.rowCount === 0) {
      this.#first = this.#meta.position;
      this.#firstCommittedAt = this.#place?.committedAt ?? 0n;
    }
    this.rowCount += 1;
    this.byteLength += bytes + META_BYTES;
    this.#groupRows += 1;
    if ((this.#groupBytes += bytes) >= GROUP_BYTES) this.#endGroup();
  }

  #endGroup(): void {
    if (this.#groupRows === 0) return;
    const columns = this.#columns.map(({ column: { name, type }, open }) => ({ name, type, vector: open.takeGroup() }));
    this.#groups.push({ rowCount: this.#groupRows, columns: [...this.#meta.takeGroup(), ...columns] });
    this.#groupRows = this.#groupBytes = 0;
  }
}

function fromTuple(open: OpenColumn, { field, decode }: LogTableColumn, { source, from, to }: TupleView): number {
  const start = from[field] ?? 0;
  const end = to[field] ?? 0;
  open.value(decode, source, start, end);
  return end - start;
}

/** All groups of a batch have the same columns: those that may be absent are there when one row of one group has a value. */
function withoutEmpty(groups: readonly VectorGroup[]): readonly VectorGroup[] {
  const used = new Set<string>();
  for (const { columns } of groups)
    for (const { name, vector } of columns) if (vector.presentCount > 0 || !SPARSE_META.has(name)) used.add(name);
  return groups.map(({ rowCount, columns }) => ({ rowCount, columns: columns.filter(({ name }) => used.has(name)) }));
}

function lacksIdentity(dataset: string): RollcallError {
  return new RollcallError(
    'source/unfit',
    `${dataset} has no key, and the log gives no whole old row of an UPDATE or DELETE: ALTER TABLE … REPLICA IDENTITY FULL, or name a key`,
  );
}
