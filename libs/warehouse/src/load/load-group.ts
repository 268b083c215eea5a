import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { digestId, RollcallError } from '@rollcall/kernel';
import { isRefusedValue } from '../classify-warehouse-error.js';
import { transaction, type Session, type Warehouse } from '../open-warehouse.js';
import { addEvolvedColumns, ensureDataset, MAX_EVOLVED_COLUMNS } from '../schema/ensure-dataset.js';
import { lockDataset } from '../schema/lock-dataset.js';
import { homeOf, readRawColumns, resolveRelation, type RawColumn } from '../schema/relation.js';
import { saidBy, withColumns } from './file-columns.js';
import { moveRefused } from './find-refused.js';
import { firstLoadOf, mayBeFirst, performFirstLoad } from './first-load.js';
import { moveChain, noteNewest, readFacts, readLoads, writeLedger, writeLoad } from './ledger.js';
import type { LoadContext } from './load-context.js';
import type { LoadEffect } from './load-effects.js';
import type { LoadOptions, LoadResult, StagedBatch } from './loading.js';
import { NotStraight } from './not-straight.js';
import { observedAt } from './observed-at.js';
import { neededIds, planBatches } from './plan-batches.js';
import { leaningBatches } from './resolve-unchanged.js';
import { LOAD_SETTINGS, performLoad, type Performed } from './run-load.js';
import { Stager } from './stage-batches.js';
import { CLEARS, createStaging, dropStaging, REFUSED, STAGED } from './staging-tables.js';

/** After so many rounds of taking out refused rows the fault is not in the rows. */
const MAX_REFUSAL_ROUNDS = 3;

/**
 * Loads batches of one dataset, both lanes, in one transaction: all of them or none, each once for ever, whoever else loads them too.
 * Stages first, outside of the transaction. A batch may wait (a gap in its chain, batches it needs): it is then left out and named.
 * Throws RollcallError `warehouse/*`, `load/*`, `lake/corrupt`; then nothing has changed.
 */
export async function loadGroup(
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  options: LoadOptions = {},
): Promise<LoadResult> {
  const strange = batches.find(({ announced }) => announced.dataset !== dataset.name);
  if (strange !== undefined) {
    throw new RollcallError(
      'load/unknown-dataset',
      `batch ${strange.announced.batchId} is of ${strange.announced.dataset}, not of ${dataset.name}`,
    );
  }
  return warehouse.session(async (session) => {
    const group = new GroupLoad(session, warehouse, dataset, options);
    try {
      return await group.run(onceEach(batches));
    } finally {
      // On a connection that broke there is nothing left to drop.
      await dropStaging(session).catch(() => undefined);
    }
  });
}

type TakenUp = Omit<LoadContext, 'rawIsEmpty'>;

class GroupLoad {
  readonly #session: Session;
  readonly #warehouse: Warehouse;
  readonly #contract: Dataset;
  /** The contract, from staging on with what the batches say of their columns. */
  #dataset: Dataset;
  #leaning: ReadonlySet<number> = new Set();
  readonly #options: LoadOptions;

  constructor(session: Session, warehouse: Warehouse, dataset: Dataset, options: LoadOptions) {
    this.#session = session;
    this.#warehouse = warehouse;
    this.#contract = dataset;
    this.#dataset = dataset;
    this.#options = options;
  }

  async run(batches: readonly StagedBatch[]): Promise<LoadResult> {
    const offered = batches.map(({ announced }) => announced);
    const fresh = await this.#fresh(batches);
    const straight = await this.#loadStraight(offered, fresh);
    if (straight !== undefined) return straight;
    const staged = await this.#stage(fresh);
    await this.#reached('staged');
    for (let round = 0; ; round++) {
      try {
        return await this.#load(offered, staged, (context, reached) => this.#loadStaged(staged, context, reached));
      } catch (error) {
        if (!isRefusedValue(error) || round >= MAX_REFUSAL_ROUNDS || (await this.#takeOutRefused(staged)) === 0)
          throw error;
      }
    }
  }

  /** What is not in the ledger yet; the transaction looks again. The tables fit it. */
  async #fresh(batches: readonly StagedBatch[]): Promise<readonly StagedBatch[]> {
    const { loaded } = await readFacts(
      this.#session,
      this.#dataset.name,
      batches.map(({ announced }) => announced.batchId),
    );
    return this.#takeUp(batches.filter(({ announced }) => !loaded.has(announced.batchId)));
  }

  async #stage(fresh: readonly StagedBatch[]): Promise<readonly BatchWritten[]> {
    if (fresh.length === 0) return [];
    const session = this.#session;
    const dataset = this.#dataset;
    await createStaging(session, this.#warehouse.dialect, dataset);
    const known = (await readRawColumns(session, dataset.name))
      .filter((column) => column.origin === 'evolved')
      .map((column) => column.name);
    const evolved = { names: new Set(known), cap: MAX_EVOLVED_COLUMNS };
    const stager = new Stager(session, this.#warehouse.dialect, this.#options.signal);
    for (const [number, batch] of fresh.entries()) {
      const fit = {
        dataset,
        dialect: this.#warehouse.dialect,
        evolved,
        observedAt: observedAt(dataset, batch.announced),
      };
      await stager.stage({ batch, number, fit });
    }
    this.#leaning = stager.leaning;
    const added = [...evolved.names].filter((name) => !known.includes(name));
    if (added.length > 0) await addEvolvedColumns(session, this.#warehouse.dialect, dataset, added);
    return fresh.map(({ announced }) => announced);
  }

  /** Makes the tables fit the contract, and what the batches of a database say of their columns. */
  async #takeUp(batches: readonly StagedBatch[]): Promise<readonly StagedBatch[]> {
    const { dialect } = this.#warehouse;
    if (this.#dataset.kind !== 'postgres') {
      await ensureDataset(this.#session, dialect, this.#dataset);
      return batches;
    }
    const known = await Promise.all(batches.map(withColumns));
    this.#dataset = await ensureDataset(this.#session, dialect, this.#dataset, saidBy(known));
    return known.map(({ batch }) => batch);
  }

  /** What a run brings where nothing else is needs no staging. Undefined: it does not go so. */
  async #loadStraight(
    offered: readonly BatchWritten[],
    fresh: readonly StagedBatch[],
  ): Promise<LoadResult | undefined> {
    const dataset = this.#dataset;
    const standing = (): ReturnType<typeof firstLoadOf> => firstLoadOf(this.#session, dataset, fresh);
    if (!mayBeFirst(dataset, fresh) || (await standing()) === undefined) return undefined;
    await this.#reached('staged');
    const announced = fresh.map((batch) => batch.announced);
    try {
      return await this.#load(offered, announced, async (context, reached) =>
        performFirstLoad(context, fresh, await standing(), reached, this.#options.signal),
      );
    } catch (error) {
      if (error instanceof NotStraight) return undefined;
      throw error;
    }
  }

  async #load(
    offered: readonly BatchWritten[],
    staged: readonly BatchWritten[],
    perform: (context: TakenUp, reached: (effect: LoadEffect) => Promise<void>) => Promise<Performed>,
  ): Promise<LoadResult> {
    const session = this.#session;
    const { name } = this.#dataset;
    await this.#options.turn;
    const result = await transaction(session, async (): Promise<LoadResult> => {
      await session.client.query(LOAD_SETTINGS);
      await lockDataset(session, name);
      const facts = await readFacts(session, name, neededIds(offered));
      const plan = planBatches(
        staged.filter((batch) => !facts.loaded.has(batch.batchId)),
        facts,
      );
      const earlier = await readLoads(
        session,
        offered.map((batch) => batch.batchId).filter((id) => facts.loaded.has(id)),
      );
      if (plan.apply.length === 0) return { earlier, waiting: plan.waiting };
      const loadId = digestId('load', name, ...plan.apply.map((batch) => batch.batchId).sort());
      const ledger = await writeLedger(session, loadId, plan.apply);
      await moveChain(session, name, plan.chain);
      await this.#reached('ledger-written');
      const batchIds = staged.map((batch) => ledger.get(batch.batchId) ?? null);
      const standing = await readRawColumns(session, name);
      this.#refuseOtherColumns(standing);
      const relation = resolveRelation(this.#dataset, standing);
      const { counts, touched } = await perform(
        { session, dialect: this.#warehouse.dialect, relation, batchIds },
        (effect) => this.#reached(effect),
      );
      await noteNewest(session, this.#dataset, plan.apply);
      await writeLoad(session, { loadId, dataset: name, touched, trace: this.#options.trace }, counts);
      await this.#reached('counted');
      const [load] = await readLoads(session, [...ledger.keys()].slice(0, 1));
      return { ...(load && { load }), earlier, waiting: plan.waiting };
    });
    if (result.load !== undefined) await this.#reached('committed');
    return result;
  }

  /** Another loader may have met a new type of a column meanwhile: what was staged before it is staged again. */
  #refuseOtherColumns(standing: readonly RawColumn[]): void {
    const changed = this.#dataset.columns.find(({ name, type }) => {
      const listed = this.#contract.columns.find((column) => column.name === name);
      const sourced = listed === undefined || listed.type.name === 'other';
      return sourced && homeOf(standing, name, type)?.retired !== false;
    });
    if (this.#contract.kind !== 'postgres' || changed === undefined) return;
    throw new RollcallError(
      'warehouse/timeout',
      `${this.#contract.name}: column ${changed.name} got another type while this load was staged; it is staged again`,
    );
  }

  /** Without the rows of batches that another loader was faster with, or that wait. */
  async #loadStaged(
    staged: readonly BatchWritten[],
    context: TakenUp,
    reached: (effect: LoadEffect) => Promise<void>,
  ): Promise<Performed> {
    const left = context.batchIds.flatMap((id, number) => (id === null ? [number] : []));
    if (left.length > 0) {
      for (const table of [STAGED, CLEARS, REFUSED])
        await this.#session.run(`DELETE FROM ${table} WHERE _b = ANY ($1)`, [left]);
    }
    return performLoad(context, leaningBatches(staged, context.batchIds, this.#leaning), reached);
  }

  async #takeOutRefused(staged: readonly BatchWritten[]): Promise<number> {
    const relation = resolveRelation(this.#dataset, await readRawColumns(this.#session, this.#dataset.name));
    const context = {
      session: this.#session,
      dialect: this.#warehouse.dialect,
      relation,
      batchIds: [],
      rawIsEmpty: false,
    };
    return moveRefused(context, staged);
  }

  async #reached(effect: LoadEffect): Promise<void> {
    await this.#options.onEffect?.(effect);
  }
}

function onceEach(batches: readonly StagedBatch[]): readonly StagedBatch[] {
  return [...new Map(batches.map((batch) => [batch.announced.batchId, batch])).values()];
}
