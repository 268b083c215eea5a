import type { Value } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { isRefusedValue } from '../classify-warehouse-error.js';
import type { CopyBuffer } from '../dialect/copy-buffer.js';
import type { Dialect } from '../dialect/dialect.js';
import type { Session } from '../open-warehouse.js';
import { copyInto } from './copy-into.js';
import { fitGroup } from './fit-group.js';
import type { Clear, FitContext, FittedGroup, Refusal } from './fitted-group.js';
import type { RowGroup, StagedBatch, VectorRowGroup } from './loading.js';
import { oneAhead } from './one-ahead.js';
import { plainGroup, type PlainGroup } from './plain-group.js';
import { rejectedRows } from './rejected-rows.js';
import { plainRow, valuesOf } from './stage-vectors.js';
import {
  CLEAR_FIELDS,
  CLEARS,
  copySql,
  REFUSED,
  REFUSED_FIELDS,
  STAGED,
  stagedFields,
  type StagingField,
} from './staging-tables.js';

/** A row of `ops.quarantine` on its way. */
export interface RefusedRow {
  readonly position: string;
  readonly reason: string;
  readonly place: string;
  readonly column: string | null;
  readonly contract: string;
  readonly length: number | null;
  readonly sealed: Uint8Array | null;
  readonly format: string | null;
  readonly header: string | null;
  /** Of a log: the key it stands under. */
  readonly rowKey: string | null;
}

export interface StagingInput {
  readonly batch: StagedBatch;
  /** Its number in this load. */
  readonly number: number;
  readonly fit: FitContext;
}

/** Stages batches one after the other; numbers its rows. Memory: two row groups. */
export class Stager {
  #rows = 0;
  readonly #leaning = new Set<number>();
  readonly #session: Session;
  readonly #dialect: Dialect;
  readonly #signal: AbortSignal | undefined;

  constructor(session: Session, dialect: Dialect, signal?: AbortSignal) {
    this.#session = session;
    this.#dialect = dialect;
    this.#signal = signal;
  }

  /** Numbers of the batches with rows that lean on those before them. */
  get leaning(): ReadonlySet<number> {
    return this.#leaning;
  }

  async stage(input: StagingInput): Promise<void> {
    const { announced, groups, vectors } = input.batch;
    let seen = 0;
    const source: AsyncIterable<RowGroup | VectorRowGroup> =
      vectors === undefined || announced.lane === 'rejected' ? groups : oneAhead(vectors());
    for await (const group of source) {
      this.#signal?.throwIfAborted();
      seen += group.rowCount;
      if (isVectors(group)) await this.#stageVectors(input, group);
      else if (announced.lane === 'rejected')
        await this.#copyRefused(input.number, rejectedRows(announced.dataset, group));
      else await this.#stageRows(input, group);
    }
    if (seen !== announced.rows) {
      throw new RollcallError('lake/corrupt', `${announced.key}: ${seen} rows, its manifest says ${announced.rows}`);
    }
  }

  async #stageRows(input: StagingInput, group: RowGroup): Promise<void> {
    const { number, fit } = input;
    const fitted = fitGroup(fit, group);
    if (fitted.unchanged.some((columns) => columns !== null)) this.#leaning.add(number);
    const refused = fitted.refusals.map((refusal) => this.#asRow(input, refusal));
    await this.#copyStaged(input, fitted, fitted.rows, refused);
    await this.#copyClears(number, fitted.clears);
    await this.#copyRefused(number, refused);
  }

  /** By columns where no row of the group needs a decision; where one does, or the server refuses one, row by row. */
  async #stageVectors(input: StagingInput, group: VectorRowGroup): Promise<void> {
    const plain = plainGroup(input.fit, group);
    if (plain === undefined || !(await this.#copyPlain(input, plain))) await this.#stageRows(input, valuesOf(group));
  }

  async #copyPlain({ number, fit }: StagingInput, plain: PlainGroup): Promise<boolean> {
    const fields = stagedFields(fit.dataset);
    let row = this.#rows;
    const append = plainRow(fit, plain, fields, {
      _n: (buffer) => buffer.int4(row++),
      _b: (buffer) => buffer.int2(number),
    });
    try {
      await copyInto(this.#session, copySql(STAGED, fields), plain.rowCount, append);
    } catch (error) {
      if (isRefusedValue(error)) return false;
      throw error;
    }
    this.#rows += plain.rowCount;
    return true;
  }

  #asRow({ batch: { announced } }: StagingInput, { position, reason, column, rowKey }: Refusal): RefusedRow {
    const place = `${announced.key} at ${position}`;
    return {
      position,
      reason,
      place,
      column,
      contract: announced.contract,
      length: null,
      sealed: null,
      format: null,
      header: null,
      rowKey,
    };
  }

  /** COPY cannot fail on data; where it does, half of the rows at a time, until the culprit is alone. */
  async #copyStaged(
    input: StagingInput,
    fitted: FittedGroup,
    rows: readonly number[],
    refused: RefusedRow[],
  ): Promise<void> {
    const fields = stagedFields(input.fit.dataset);
    const writers = this.#stagedWriters(input, fitted, rows, this.#rows);
    try {
      await copyInto(this.#session, copySql(STAGED, fields), rows.length, rowOf(writers));
      this.#rows += rows.length;
    } catch (error) {
      if (!isRefusedValue(error)) throw error;
      const [only] = rows;
      if (rows.length === 1 && only !== undefined) {
        refused.push(
          this.#asRow(input, {
            position: fitted.positions[only] ?? '',
            reason: 'warehouse-refused',
            column: null,
            rowKey: null,
          }),
        );
        return;
      }
      const half = Math.ceil(rows.length / 2);
      await this.#copyStaged(input, fitted, rows.slice(0, half), refused);
      await this.#copyStaged(input, fitted, rows.slice(half), refused);
    }
  }

  #stagedWriters(
    { number, fit }: StagingInput,
    fitted: FittedGroup,
    rows: readonly number[],
    first: number,
  ): readonly FieldWriter[] {
    const own: Readonly<Record<string, (row: number, place: number) => Value>> = {
      _n: (_row, place) => first + place,
      _b: () => number,
      _deleted: (row) => fitted.deleted(row),
      _position: (row) => fitted.positions[row] ?? '',
      _key: (row) => fitted.keys[row] ?? null,
      _rest: (row) => fitted.rests[row] ?? null,
      _extra: (row) => fitted.extras[row] ?? null,
      _unchanged: (row) => fitted.unchanged[row] ?? null,
      _prev_key: (row) => fitted.previous[row] ?? null,
      _at: (row) => fitted.times[row] ?? null,
      _observed: () => fitted.observed,
    };
    const columns = new Map(fit.dataset.columns.map(({ name }, index) => [name, fitted.columns[index] ?? []]));
    return stagedFields(fit.dataset).map(({ name, type }) => {
      const encode = this.#dialect.encoder(type);
      const values = columns.get(name);
      const read = values === undefined ? own[name] : undefined;
      return (buffer, place) => {
        const row = rows[place] ?? 0;
        const value = (values === undefined ? read?.(row, place) : values[row]) ?? null;
        if (value === null) buffer.null();
        else encode(buffer, value);
      };
    });
  }

  async #copyClears(number: number, clears: readonly Clear[]): Promise<void> {
    const first = this.#rows;
    await this.#copyRecords(CLEARS, CLEAR_FIELDS, clears, (clear, place) => [
      first + place,
      number,
      clear.position,
      clear.at,
      clear.scope.length,
      JSON.stringify(clear.scope),
    ]);
    this.#rows += clears.length;
  }

  async #copyRefused(number: number, rows: readonly RefusedRow[]): Promise<void> {
    await this.#copyRecords(REFUSED, REFUSED_FIELDS, rows, (row) => [
      number,
      row.position,
      row.reason,
      row.place,
      row.column,
      row.contract,
      row.length,
      row.sealed,
      row.format,
      row.header,
      row.rowKey,
    ]);
  }

  async #copyRecords<T>(
    table: string,
    fields: readonly StagingField[],
    records: readonly T[],
    valuesOf: (record: T, place: number) => readonly Value[],
  ): Promise<void> {
    const encoders = fields.map(({ type }) => this.#dialect.encoder(type));
    await copyInto(this.#session, copySql(table, fields), records.length, (buffer, place) => {
      const record = records[place];
      const values = record === undefined ? [] : valuesOf(record, place);
      buffer.row(encoders.length);
      for (const [index, encode] of encoders.entries()) {
        const value = values[index] ?? null;
        if (value === null) buffer.null();
        else encode(buffer, value);
      }
    });
  }
}

function isVectors(group: RowGroup | VectorRowGroup): group is VectorRowGroup {
  return group.columns.some((column) => 'vector' in column);
}

type FieldWriter = (buffer: CopyBuffer, place: number) => void;

function rowOf(writers: readonly FieldWriter[]): (buffer: CopyBuffer, place: number) => void {
  const count = writers.length;
  return (buffer, place) => {
    buffer.row(count);
    for (const write of writers) write(buffer, place);
  };
}
