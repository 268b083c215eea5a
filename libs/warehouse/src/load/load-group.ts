import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { digestId, RollcallError } from '@rollcall/kernel';
import { isRefusedValue } from '../classify-warehouse-error.js';
import { transaction, type Session, type Warehouse } from '../open-warehouse.js';
import { addEvolvedColumns, ensureDataset, MAX_EVOLVED_COLUMNS } from '../schema/ensure-dataset.js';
import { lockDataset } from '../schema/lock-dataset.js';
import { readRawColumns, resolveRelation } from '../schema/relation.js';
import { moveRefused } from './find-refused.js';
import { moveChain, readFacts, readLoads, writeLedger, writeLoad } from './ledger.js';
import type { LoadEffect } from './load-effects.js';
import type { LoadOptions, LoadResult, StagedBatch } from './loading.js';
import { observedAt } from './observed-at.js';
import { neededIds, planBatches } from './plan-batches.js';
import { LOAD_SETTINGS, performLoad } from './run-load.js';
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
    await ensureDataset(session, warehouse.dialect, dataset);
    const group = new GroupLoad(session, warehouse, dataset, options);
    try {
      return await group.run(onceEach(batches));
    } finally {
      // On a connection that broke there is nothing left to drop.
      await dropStaging(session).catch(() => undefined);
    }
  });
}

class GroupLoad {
  readonly #session: Session;
  readonly #warehouse: Warehouse;
  readonly #dataset: Dataset;
  readonly #options: LoadOptions;

  constructor(session: Session, warehouse: Warehouse, dataset: Dataset, options: LoadOptions) {
    this.#session = session;
    this.#warehouse = warehouse;
    this.#dataset = dataset;
    this.#options = options;
  }

  async run(batches: readonly StagedBatch[]): Promise<LoadResult> {
    const offered = batches.map(({ announced }) => announced);
    const staged = await this.#stage(batches);
    await this.#reached('staged');
    for (let round = 0; ; round++) {
      try {
        return await this.#load(offered, staged);
      } catch (error) {
        if (!isRefusedValue(error) || round >= MAX_REFUSAL_ROUNDS || (await this.#takeOutRefused(staged)) === 0)
          throw error;
      }
    }
  }

  /** Stages what is not in the ledger yet; the transaction looks again. */
  async #stage(batches: readonly StagedBatch[]): Promise<readonly BatchWritten[]> {
    const session = this.#session;
    const dataset = this.#dataset;
    const { loaded } = await readFacts(
      session,
      dataset.name,
      batches.map(({ announced }) => announced.batchId),
    );
    const fresh = batches.filter(({ announced }) => !loaded.has(announced.batchId));
    if (fresh.length === 0) return [];
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
    const added = [...evolved.names].filter((name) => !known.includes(name));
    if (added.length > 0) await addEvolvedColumns(session, this.#warehouse.dialect, dataset, added);
    return fresh.map(({ announced }) => announced);
  }

  async #load(offered: readonly BatchWritten[], staged: readonly BatchWritten[]): Promise<LoadResult> {
    const session = this.#session;
    const { name } = this.#dataset;
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
      await this.#leaveOut(batchIds.flatMap((id, number) => (id === null ? [number] : [])));
      const relation = resolveRelation(this.#dataset, await readRawColumns(session, name));
      const { counts, touched } = await performLoad(
        { session, dialect: this.#warehouse.dialect, relation, batchIds },
        (effect) => this.#reached(effect),
      );
      await writeLoad(session, { loadId, dataset: name, touched, trace: this.#options.trace }, counts);
      await this.#reached('counted');
      const [load] = await readLoads(session, [...ledger.keys()].slice(0, 1));
      return { ...(load && { load }), earlier, waiting: plan.waiting };
    });
    if (result.load !== undefined) await this.#reached('committed');
    return result;
  }

  /** Staged rows of batches that another loader was faster with, or that wait. */
  async #leaveOut(numbers: readonly number[]): Promise<void> {
    if (numbers.length === 0) return;
    for (const table of [STAGED, CLEARS, REFUSED])
      await this.#session.run(`DELETE FROM ${table} WHERE _b = ANY ($1)`, [numbers]);
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
