import type { Dataset } from '@rollcall/catalog';
import type { StagedBatch } from '../src/index.js';
import { logBatch, positionOf, rowsBatch, type TestRow } from './batches.js';

/** One statement of a made-up source. Ids are few, so that rows come, move onto each other's keys, and go. */
export interface Statement {
  readonly kind: 'insert' | 'update' | 'move' | 'delete' | 'truncate';
  readonly id: number;
  readonly to: number;
  readonly amount: number;
  /** Absent: the long column stays as it is, and the log does not repeat it. */
  readonly name: string | undefined;
}

export interface Transaction {
  readonly statements: readonly Statement[];
  /** Microseconds; the clock may go back. */
  readonly at: number;
}

interface Change {
  readonly row: TestRow;
  readonly from?: number;
  readonly leans: boolean;
}

interface Read {
  /** Behind so many transactions. */
  readonly behind: number;
  readonly rows: readonly TestRow[];
}

/** When `rowsBatch` says that its rows were extracted. */
export const EXTRACTED = 1_767_323_045_678_901n;

/** A table whose every change is known, as rows and as whatever batches an extractor could cut of its log. */
export class NaiveSource {
  readonly #dataset: Dataset;
  readonly #keyed: boolean;
  readonly #log: (readonly Change[])[] = [];
  readonly #reads: Read[] = [];
  #rows: { id: number; amount: number; name: string | undefined }[] = [];

  constructor(dataset: Dataset, transactions: readonly Transaction[], reads: readonly number[]) {
    this.#dataset = dataset;
    this.#keyed = dataset.key.length > 0;
    this.#read(0);
    for (const [number, transaction] of transactions.entries()) {
      this.#commit(number + 1, transaction);
      if (reads.includes(number + 1)) this.#read(number + 1);
    }
  }

  get transactions(): number {
    return this.#log.length;
  }

  get reads(): number {
    return this.#reads.length;
  }

  /** Every row and clear that ever was, whole, with its time. */
  get truth(): readonly TestRow[] {
    const read = this.#reads.flatMap(({ rows, behind }) =>
      [...rows, clearAt(behind)].map((row) => ({ ...row, committedAt: EXTRACTED })),
    );
    return [...read, ...this.#log.flat().map(({ row }) => row)];
  }

  /** The batches of a read: parts in any order, and the clear that needs them. */
  readBatches(number: number): readonly StagedBatch[] {
    const read = this.#reads[number];
    if (read === undefined) return [];
    const half = Math.ceil(read.rows.length / 2);
    const parts = [read.rows.slice(0, half), read.rows.slice(half)].filter((rows) => rows.length > 0);
    const range = (part: number) => ({ kind: 'run' as const, run: `read-${number}`, part });
    const batches = parts.map((rows, part) => rowsBatch(this.#dataset, rows, { range: range(part) }));
    const needs = batches.map(({ announced }) => announced.batchId);
    return [...batches, rowsBatch(this.#dataset, [clearAt(read.behind)], { range: range(9), needs })];
  }

  /** Transactions `first` to `last` (from 1) as one batch: what an earlier row of it says is filled in, and only that. */
  logBatch(first: number, last: number): StagedBatch | undefined {
    const view = new BatchView();
    const rows = this.#log.slice(first - 1, last).flatMap((changes) => changes.map((change) => view.show(change)));
    const before = this.#log.slice(0, first - 1).findLast((changes) => changes.length > 0);
    if (rows.length === 0) return undefined;
    // Where transactions before it are empty, it begins the chain.
    const snapshot = this.readBatches(0).at(-1)?.announced.batchId ?? '';
    const after = before?.at(-1)?.row.position;
    return logBatch(this.#dataset, rows, after, { ...(after === undefined && { needs: [snapshot] }) });
  }

  #read(behind: number): void {
    const rows = this.#rows.map(({ id, amount, name }, index) => ({
      position: positionOf(behind * 16 + 7, index + 1),
      values: this.#values(id, amount, name),
    }));
    this.#reads.push({ behind, rows });
  }

  #commit(number: number, { statements, at }: Transaction): void {
    const changes: Change[] = [];
    const emit = (row: Omit<TestRow, 'position' | 'committedAt'>, leans = false, from?: number): void => {
      const position = positionOf(number * 16, changes.length + 1);
      changes.push({ row: { ...row, position, committedAt: BigInt(at) }, leans, ...(from !== undefined && { from }) });
    };
    for (const statement of statements) this.#run(statement, emit);
    this.#log.push(changes);
  }

  #run(
    { kind, id, to, amount, name }: Statement,
    emit: (row: Omit<TestRow, 'position' | 'committedAt'>, leans?: boolean, from?: number) => void,
  ): void {
    const row = this.#rows.find((candidate) => candidate.id === id);
    const gone = (old: { id: number; amount: number; name: string | undefined }): void =>
      emit({
        op: 'd',
        values: this.#keyed ? this.#values(old.id) : this.#values(old.id, old.amount, old.name),
      });
    if (kind === 'truncate') {
      emit({ op: 't', scope: '[]' });
      this.#rows = [];
    } else if (kind === 'insert') {
      if (this.#keyed && row !== undefined) return;
      this.#rows.push({ id, amount, name });
      emit({ op: 'u', values: this.#values(id, amount, name) });
    } else if (row === undefined) return;
    else if (kind === 'delete') {
      gone(row);
      this.#rows.splice(this.#rows.indexOf(row), 1);
    } else {
      const moves = kind === 'move' && !this.#rows.some((other) => other.id === to);
      if (moves || !this.#keyed) gone(row);
      const before = row.id;
      // NULL is short: the log repeats it.
      const leans = this.#keyed && name === undefined && row.name !== undefined;
      const next = { id: moves ? to : id, amount, name: name ?? row.name };
      if (this.#keyed) Object.assign(row, next);
      else this.#rows = [...this.#rows.filter((other) => other !== row), next];
      emit({ op: 'u', values: this.#values(next.id, next.amount, next.name) }, leans, moves ? before : undefined);
    }
  }

  #values(id: number, amount?: number, name?: string): NonNullable<TestRow['values']> {
    return {
      team: teamOf(id),
      id: BigInt(id),
      amount: amount === undefined ? null : String(amount),
      name: name ?? null,
    };
  }
}

function clearAt(behind: number): TestRow {
  return { op: 't', position: positionOf(behind * 16 + 7, 0), scope: '[]' };
}

/** Where a row stood before the batch, and whether the batch has said its name. */
interface Line {
  readonly base: number;
  readonly name: boolean;
}

/** Changes as one batch shows them. */
class BatchView {
  readonly #lines = new Map<number, Line>();
  readonly #gone = new Map<number, Line>();

  show({ row, leans, from }: Change): TestRow {
    const id = Number(row.values?.['id'] ?? 0);
    if (row.op === 't') {
      this.#lines.clear();
      return row;
    }
    const line = (from === undefined ? this.#lines.get(id) : this.#gone.get(from)) ?? { base: from ?? id, name: false };
    if (row.op === 'd') {
      this.#gone.set(id, line);
      this.#lines.delete(id);
      return row;
    }
    const filled = !leans || line.name;
    this.#lines.set(id, { base: line.base, name: filled });
    return {
      ...row,
      values: { ...row.values, ...(!filled && { name: null }) },
      ...(!filled && { unchanged: '["name"]' }),
      ...(line.base !== id && { previous: JSON.stringify([teamOf(line.base), String(line.base)]) }),
    };
  }
}

function teamOf(id: number): string {
  return id % 2 === 0 ? 'even' : 'odd';
}
