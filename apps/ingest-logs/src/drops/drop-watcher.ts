import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, RollcallError, type Clock } from '@rollcall/kernel';
import type { ObjectStore, StoredObject } from '@rollcall/lake';
import type { DropDataset, DropOutcome, DropReader, DropRequest } from './drop-reader.js';
import { ObjectMemory } from './object-memory.js';

export interface DropWatcherOptions {
  readonly drops: ObjectStore;
  readonly reader: DropReader;
  readonly datasets: readonly DropDataset[];
  /** Between two listings. In folders also how long a file must be unchanged. */
  readonly pollMs: number;
  /** How long an object that somebody else reads is left alone. */
  readonly busyMs: number;
  readonly clock: Clock;
  readonly events: DropEvents;
  readonly signal: AbortSignal;
}

export interface DropEvents {
  dropEnded(dataset: string, object: StoredObject, outcome: DropOutcome): void;
  dropFailed(dataset: string, object: StoredObject | undefined, error: RollcallError): void;
}

/** What one look at the drops of a dataset added, and the first failure. */
export interface ScanResult {
  readonly rows: number;
  readonly rejected: number;
  readonly batches: number;
  readonly failure?: RollcallError;
}

/** Listings a run waits for at most, for files to settle. */
const MAX_ROUNDS = 5;

/** Looks at the drop prefixes again and again and has what is new read: objects of a dataset one after another, datasets side by side. */
export class DropWatcher {
  readonly #options: DropWatcherOptions;
  readonly #memories: ReadonlyMap<string, ObjectMemory>;
  /** The last look at each dataset: looks at one dataset follow each other. */
  readonly #turns = new Map<string, Promise<unknown>>();

  constructor(options: DropWatcherOptions) {
    this.#options = options;
    const settle = options.drops.url.startsWith('file:');
    this.#memories = new Map(options.datasets.map(({ dataset }) => [dataset.name, new ObjectMemory(settle)]));
  }

  /** Looks until the signal is aborted. Throws what is not an error of the world: a bug. */
  async watch(): Promise<void> {
    const { datasets, pollMs, signal } = this.#options;
    const watchOne = async (target: DropDataset): Promise<void> => {
      while (!signal.aborted) {
        await this.#inTurn(target, () => this.#look(target, {}, new Set()));
        await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      }
    };
    await Promise.all(datasets.map(watchOne));
  }

  /** One look on demand, waiting for files that are not settled yet; for runs. */
  async scan(target: DropDataset, request: DropRequest): Promise<ScanResult> {
    const { pollMs, signal } = this.#options;
    return this.#inTurn(target, async () => {
      const total = { rows: 0, rejected: 0, batches: 0 };
      const looked = new Set<string>();
      for (let round = 1; ; round++) {
        const { added, waiting } = await this.#look(target, request, looked);
        total.rows += added.rows;
        total.rejected += added.rejected;
        total.batches += added.batches;
        const { failure } = added;
        if (failure || !waiting || round >= MAX_ROUNDS || signal.aborted)
          return { ...total, ...(failure && { failure }) };
        await sleep(pollMs, undefined, { signal }).catch(() => undefined);
      }
    });
  }

  async #inTurn<T>(target: DropDataset, work: () => Promise<T>): Promise<T> {
    const { name } = target.dataset;
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(work);
    this.#turns.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  }

  /** @param looked keys this scan has read already: what is read again is read once */
  async #look(
    target: DropDataset,
    request: DropRequest,
    looked: Set<string>,
  ): Promise<{ readonly added: ScanResult; readonly waiting: boolean }> {
    const { clock, events, signal } = this.#options;
    const memory = this.#memories.get(target.dataset.name);
    const added = { rows: 0, rejected: 0, batches: 0 };
    let failure: RollcallError | undefined;
    let waiting = false;
    if (!memory) return { added, waiting };
    try {
      const listed = await this.#list(target);
      for (const { object, look } of memory.look(listed, Number(clock.nowMicros() / 1000n))) {
        if (signal.aborted) break;
        waiting ||= look === 'wait';
        if (look === 'wait' || (look === 'known' && !request.again) || looked.has(object.key)) continue;
        looked.add(object.key);
        const outcome = await this.#readOne(target, memory, object, request);
        if (outcome instanceof RollcallError) failure ??= outcome;
        else if ('rows' in outcome) {
          added.rows += outcome.rows;
          added.rejected += outcome.rejected;
          added.batches += outcome.batches;
        }
      }
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      events.dropFailed(target.dataset.name, undefined, error);
      failure ??= error;
    }
    return { added: { ...added, ...(failure && { failure }) }, waiting };
  }

  async #list({ rule }: DropDataset): Promise<StoredObject[]> {
    const listed: StoredObject[] = [];
    const prefix = rule.prefix.endsWith('/') ? rule.prefix : `${rule.prefix}/`;
    for await (const object of this.#options.drops.list(prefix)) listed.push(object);
    return listed;
  }

  async #readOne(
    target: DropDataset,
    memory: ObjectMemory,
    object: StoredObject,
    request: DropRequest,
  ): Promise<DropOutcome | RollcallError> {
    const { reader, events, clock, busyMs, pollMs } = this.#options;
    const nowMs = Number(clock.nowMicros() / 1000n);
    try {
      const outcome = await reader.read(target, object, request);
      if (outcome.kind === 'busy') memory.postpone(object, nowMs + busyMs);
      else if (outcome.kind === 'changed') memory.postpone(object, nowMs + pollMs);
      else if (outcome.kind !== 'stopped' && outcome.kind !== 'previewed') memory.markKnown(object);
      events.dropEnded(target.dataset.name, object, outcome);
      return outcome;
    } catch (error) {
      if (!(error instanceof RollcallError)) throw error;
      memory.postpone(object, nowMs + backoffMs(memory.markFailed(object), Math.random()));
      events.dropFailed(target.dataset.name, object, error);
      return error;
    }
  }
}
