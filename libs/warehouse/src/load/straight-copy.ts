import type { LogicalType } from '@rollcall/catalog';
import { RollcallError } from '@rollcall/kernel';
import { isRefusedValue, sqlState } from '../classify-warehouse-error.js';
import type { CopyBuffer } from '../dialect/copy-buffer.js';
import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { historyTable, keyShape, rawTable } from '../schema/relation.js';
import { sameType } from '../schema/widening.js';
import { copyInto } from './copy-into.js';
import type { FitContext } from './fitted-group.js';
import type { LoadContext } from './load-context.js';
import type { StagedBatch, VectorRowGroup } from './loading.js';
import { NotStraight } from './not-straight.js';
import { observedAt } from './observed-at.js';
import { oneAhead } from './one-ahead.js';
import { plainGroup, type PlainGroup } from './plain-group.js';
import { plainRow, type FieldWriter } from './stage-vectors.js';

const INT8: LogicalType = { name: 'int8' };

interface Target {
  readonly table: string;
  readonly sql: string;
  /** Names by which `plainRow` knows them, in the order of the COPY. */
  readonly fields: readonly { readonly name: string }[];
}

interface NumberedGroup {
  readonly number: number;
  readonly group: VectorRowGroup;
}

/** COPY of plain groups into raw, and history where it is kept. Memory: two row groups. */
export class StraightCopy {
  readonly #context: LoadContext;
  readonly #signal: AbortSignal | undefined;
  readonly #targets: readonly Target[];

  /** Throws NotStraight when a column of raw is not that of the contract. */
  constructor(context: LoadContext, signal?: AbortSignal) {
    this.#context = context;
    this.#signal = signal;
    this.#targets = targetsOf(context);
  }

  get tables(): readonly string[] {
    return this.#targets.map(({ table }) => table);
  }

  /** `batches`: by their number in the load; those without an id in the ledger are passed over. */
  async run(batches: readonly StagedBatch[]): Promise<void> {
    const fits = batches.map((batch) => this.#fitOf(batch));
    for await (const { number, group } of oneAhead(this.#groupsOf(batches))) {
      this.#signal?.throwIfAborted();
      const fit = fits[number];
      const plain = fit && plainGroup(fit, group);
      if (fit === undefined || plain === undefined) throw new NotStraight('a row needs a decision');
      for (const target of this.#targets) await this.#copy(target, fit, plain, number);
    }
  }

  async *#groupsOf(batches: readonly StagedBatch[]): AsyncGenerator<NumberedGroup> {
    for (const [number, { announced, vectors }] of batches.entries()) {
      if (vectors === undefined || (this.#context.batchIds[number] ?? null) === null) continue;
      let seen = 0;
      for await (const group of vectors()) {
        seen += group.rowCount;
        yield { number, group };
      }
      if (seen !== announced.rows)
        throw new RollcallError('lake/corrupt', `${announced.key}: ${seen} rows, its manifest says ${announced.rows}`);
    }
  }

  async #copy({ sql, fields }: Target, fit: FitContext, plain: PlainGroup, number: number): Promise<void> {
    const { session, dialect, batchIds } = this.#context;
    const batchId = BigInt(batchIds[number] ?? 0);
    const int8 = dialect.encoder(INT8);
    const own: Readonly<Record<string, FieldWriter>> = {
      _batch_id: (buffer: CopyBuffer) => int8(buffer, batchId),
      _repeats: (buffer: CopyBuffer) => buffer.bool(false),
    };
    try {
      await copyInto(session, sql, plain.rowCount, plainRow(fit, plain, fields, own));
    } catch (error) {
      // A key that is there already; a value that the server refuses: the ordinary road finds the row.
      if (isRefusedValue(error) || sqlState(error) === '23505') throw new NotStraight('a row', { cause: error });
      throw error;
    }
  }

  #fitOf({ announced }: StagedBatch): FitContext {
    const { dialect, relation } = this.#context;
    const seen = observedAt(relation.dataset, announced);
    return {
      dataset: relation.dataset,
      dialect,
      evolved: { names: new Set(), cap: 0 },
      observedAt: (position) => seen(position) ?? 0n,
    };
  }
}

/** Raw, and history: the first version of a key is all there is of it, from then on and for ever. */
function targetsOf({ dialect, relation }: LoadContext): readonly Target[] {
  const { dataset } = relation;
  const columns = dataset.columns.map(({ name, type }) => {
    const home = relation.columns.find((column) => column.name === name);
    const asItIs =
      home !== undefined && sameType(home.type, type) && dialect.stagingType(type) === dialect.columnType(type);
    if (!asItIs) throw new NotStraight(`column ${name}`);
    return { name, physical: home.physical };
  });
  const row = ['_rest', '_batch_id', '_position', '_deleted'];
  const own = keyShape(dataset) === 'hash' ? ['_key', ...row] : row;
  const target = (table: string, more: readonly string[]): Target => {
    const physical = [...columns.map((column) => column.physical), ...own, ...more].map(quoteIdentifier);
    return {
      table,
      sql: `COPY ${table} (${physical.join(', ')}) FROM STDIN (FORMAT binary)`,
      fields: [...columns, ...[...own, ...more].map((name) => ({ name }))],
    };
  };
  const history = ['_at', '_observed', '_repeats', '_valid_from'];
  return [
    target(rawTable(dataset.name), []),
    ...(dataset.history === 'scd2' ? [target(historyTable(dataset.name), history)] : []),
  ];
}
