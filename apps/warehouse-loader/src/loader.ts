import type { Catalog, Dataset } from '@rollcall/catalog';
import type { BatchWritten } from '@rollcall/contracts';
import { ok, RollcallError, type Verdict } from '@rollcall/kernel';
import { LOAD_EFFECTS, type LoadResult, type WaitingBatch } from '@rollcall/warehouse';
import { Budget } from './budget.js';
import type { LoaderEvents } from './events.js';
import type { BatchSink, BatchSource, LoadAnnouncer } from './ports.js';
import { planLoads, type LoadBounds, type PlannedLoad } from './stages/plan-loads.js';

/** The effects of a load, and its announcement: when it is `announced` only the acknowledgement is left. */
export const LOADER_EFFECTS = [...LOAD_EFFECTS, 'announced'] as const;
export type LoaderEffect = (typeof LOADER_EFFECTS)[number];

export interface LoaderOptions {
  readonly catalog: Catalog;
  readonly source: BatchSource;
  readonly sink: BatchSink;
  readonly announcer: LoadAnnouncer;
  /** How much goes into one load, of a dataset that has had one, or has not. */
  readonly boundsOf: (dataset: Dataset | undefined, hasBegun: boolean) => LoadBounds;
  /** Loads that run at the same time, of different datasets: each has a connection and row groups in memory. */
  readonly maxLoads: number;
  readonly events: LoaderEvents;
  /** Told of batches that wait for others, and of datasets where nothing waits any more. */
  readonly onWaiting: (dataset: string, waiting: readonly WaitingBatch[]) => void;
  /** Called after each named effect: where tests let the process die. */
  readonly onEffect?: (effect: LoaderEffect) => void | Promise<void>;
}

/**
 * From announcements to committed, announced loads. Effect once however often a batch is offered: the ledger stands in the data's transaction.
 * Several loaders may run on one warehouse; datasets are serial by a lock there.
 */
export class Loader {
  readonly #options: LoaderOptions;
  readonly #running: Budget;

  constructor(options: LoaderOptions) {
    this.#options = options;
    this.#running = new Budget(options.maxLoads);
  }

  /** Loads batches and says, by batch id, what became of each. Never rejects: what goes wrong is a verdict. */
  async load(announced: readonly BatchWritten[]): Promise<ReadonlyMap<string, Verdict>> {
    const verdicts = new Map<string, Verdict>();
    const { catalog, boundsOf } = this.#options;
    const begun = await this.#begun(announced);
    const planned = planLoads(announced, (name) => boundsOf(catalog.datasets.get(name), begun.has(name)));
    const byDataset = Map.groupBy(planned, ({ dataset }) => dataset);
    await Promise.all([...byDataset.values()].map((loads) => this.#loadInTurn(loads, verdicts)));
    return verdicts;
  }

  /** A warehouse that does not answer is what the loads are to say. */
  async #begun(announced: readonly BatchWritten[]): Promise<ReadonlySet<string>> {
    const names = [...new Set(announced.map(({ dataset }) => dataset))];
    return this.#options.sink.begun(names).catch(() => new Set(names));
  }

  /** While the rows of one load are merged those of the next are staged; what they do to the tables they do one after the other. */
  async #loadInTurn(loads: readonly PlannedLoad[], verdicts: Map<string, Verdict>): Promise<void> {
    let [beforeLast, last] = [Promise.resolve(), Promise.resolve()];
    for (const load of loads) {
      await beforeLast;
      const turn = last;
      const current = this.#running.within(1, () => this.#loadPlanned(load, verdicts, turn));
      [beforeLast, last] = [last, current];
    }
    await last;
  }

  async #loadPlanned(planned: PlannedLoad, verdicts: Map<string, Verdict>, turn: Promise<void>): Promise<void> {
    try {
      const result = await this.#loadOnce(planned, turn);
      for (const { batchId } of planned.batches) verdicts.set(batchId, ok(undefined));
      for (const waiting of result.waiting)
        verdicts.set(waiting.batchId, { kind: 'threw', error: waitingError(waiting) });
    } catch (error) {
      if (planned.batches.length > 1 && !mayHeal(error)) return this.#loadApart(planned, verdicts, turn);
      for (const { batchId } of planned.batches) verdicts.set(batchId, { kind: 'threw', error });
      this.#options.events.loadFailed(planned, error);
    }
  }

  /** One batch that cannot be loaded must not bury its neighbours: each is tried alone. */
  async #loadApart(planned: PlannedLoad, verdicts: Map<string, Verdict>, turn: Promise<void>): Promise<void> {
    for (const batch of planned.batches)
      await this.#loadPlanned({ dataset: planned.dataset, batches: [batch] }, verdicts, turn);
  }

  async #loadOnce(planned: PlannedLoad, turn: Promise<void>): Promise<LoadResult> {
    const { source, sink, announcer, events, onEffect } = this.#options;
    const dataset = this.#dataset(planned.dataset);
    const started = performance.now();
    const staged = planned.batches.map((batch) => source.stage(batch));
    const result = await sink.load(dataset, staged, { turn, ...(onEffect && { onEffect }) });
    for (const load of [...result.earlier, ...(result.load ? [result.load] : [])]) await announcer.announce(load);
    await onEffect?.('announced');
    this.#options.onWaiting(planned.dataset, result.waiting);
    if (result.load) events.loaded(result.load, (performance.now() - started) / 1000);
    return result;
  }

  #dataset(name: string): Dataset {
    const dataset = this.#options.catalog.datasets.get(name);
    if (!dataset)
      throw new RollcallError('load/unknown-dataset', `dataset ${name} is not in the catalog of this loader`);
    return dataset;
  }
}

function mayHeal(error: unknown): boolean {
  return error instanceof RollcallError && error.retry === 'timed';
}

function waitingError(waiting: WaitingBatch): RollcallError {
  const reason =
    waiting.kind === 'needs'
      ? `it needs ${waiting.missing.join(', ')}`
      : `it continues from ${waiting.after}, the chain stands at ${waiting.standsAt ?? 'its beginning'}`;
  return new RollcallError('load/chain-waiting', `batch ${waiting.batchId} waits: ${reason}`);
}
