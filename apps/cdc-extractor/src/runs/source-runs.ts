import type { Dataset } from '@rollcall/catalog';
import type { RunRequest } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import type { RunAttempt, RunResult } from '@rollcall/service';
import type { LogCapture } from '../log/log-capture.js';
import { resnapshotLog } from '../log/resnapshot-log.js';
import { asksForKeys, readKeys } from '../reconcile/read-keys.js';
import { SCHEDULE } from '../schedule/ticks.js';
import type { SourceContext } from '../source-context.js';
import type { Landed } from '../watermark/run-watermark.js';
import { DatasetTurns } from './dataset-turns.js';
import { readDataset } from './read-dataset.js';

/** A source, and whoever follows its log. */
export interface RunSource {
  readonly context: SourceContext;
  readonly log: LogCapture;
  /** Throws what stands in the way of reading these datasets. */
  readonly demand: (datasets: readonly string[]) => Promise<void>;
}

/** Executes what is asked for by `run.v1.requested.postgres`: datasets one after another, each once at a time. */
export class SourceRuns {
  readonly #sources: ReadonlyMap<string, RunSource>;
  readonly #turns = new DatasetTurns();

  constructor(sources: readonly RunSource[]) {
    this.#sources = new Map(sources.map((one) => [one.context.source.source, one]));
  }

  /**
   * What is wrong with a source ends as `failed`: the next run looks again. What is wrong with lake or broker is thrown, and so is what the source
   * has nothing to do with: the run is taken up again.
   */
  async execute(request: RunRequest, attempt: RunAttempt): Promise<RunResult> {
    const found = this.#sources.get(request.source);
    const datasets = found?.context.source.datasets.filter(({ name }) => (request.dataset ?? name) === name) ?? [];
    const total = { read: 0, batches: 0, rejected: 0 };
    if (!found || datasets.length === 0) return { ...total, verdict: 'failed', code: 'load/unknown-dataset' };
    let failure: RollcallError | undefined;
    for (const work of worksOf(found, datasets, request, attempt)) {
      attempt.signal.throwIfAborted();
      // A dataset that a longer run is still at is what this tick asked for.
      if (request.requestedBy === SCHEDULE && work.names.some((name) => this.#turns.isBusy(name))) continue;
      try {
        await found.demand(work.names);
        const { rows, batches } = await this.#turns.take(work.names.join(' '), work.run);
        total.read += rows;
        total.batches += batches;
      } catch (error) {
        attempt.signal.throwIfAborted();
        if (!(error instanceof RollcallError) || !error.code.startsWith('source/')) throw error;
        found.context.events.sourceFailed(request.source, error);
        failure ??= error;
      }
    }
    if (failure) return { ...total, verdict: 'failed', code: failure.code };
    return { ...total, verdict: request.dryRun ? 'dry-run' : 'succeeded' };
  }
}

interface Work {
  readonly names: readonly string[];
  readonly run: () => Promise<Landed>;
}

function worksOf(
  { context, log }: RunSource,
  datasets: readonly Dataset[],
  request: RunRequest,
  attempt: RunAttempt,
): Work[] {
  if (asksForKeys(request))
    return datasets.map((dataset) => ({
      names: [dataset.name],
      run: () => readKeys(context, dataset, request, attempt),
    }));
  const works = datasets
    .filter(({ capture }) => capture.mode !== 'log')
    .map((dataset) => ({ names: [dataset.name], run: () => readDataset(context, dataset, request, attempt) }));
  const logged = datasets.filter(({ capture }) => capture.mode === 'log');
  // The log brings what is new by itself.
  if (logged.length === 0 || request.mode === 'incremental' || request.dryRun) return works;
  const run = { run: request.runId, attempt: attempt.attempt, signal: attempt.signal };
  return [...works, { names: logged.map(({ name }) => name), run: () => resnapshotLog(context, log, logged, run) }];
}
