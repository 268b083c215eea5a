import { setTimeout as sleep } from 'node:timers/promises';
import { runFinished, runRequest, type RunRequest } from '@rollcall/contracts';
import { isoMicros, ok, RollcallError, type Clock, type Verdict } from '@rollcall/kernel';
import { claimRun, createDocument, readDocument, type Lease, type ObjectStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { DropDataset, DropRequest } from '../drops/drop-reader.js';
import type { ScanResult } from '../drops/drop-watcher.js';
import type { Effects } from '../effects.js';

/** Where requests wait between their acknowledgement and their end. */
const REQUESTS = '_state/run-requests/logs/';

export interface RunDoorOptions {
  readonly lake: ObjectStore;
  readonly broker: Pick<Broker, 'publish'>;
  readonly datasets: readonly DropDataset[];
  readonly scan: (target: DropDataset, request: DropRequest) => Promise<ScanResult>;
  readonly effects: Effects;
  readonly clock: Clock;
  readonly owner: string;
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  readonly events: RunEvents;
  /** A run failed in a way Rollcall does not know. */
  readonly onCrash: (error: unknown) => void;
}

export interface RunEvents {
  runStarted(request: RunRequest): void;
  runFinished(request: RunRequest, result: RunResult): void;
}

export interface RunResult {
  readonly verdict: 'succeeded' | 'failed' | 'dry-run';
  readonly code?: string;
  readonly read: number;
  readonly batches: number;
  readonly rejected: number;
}

/**
 * Runs asked for by `run.v1.requested.logs`: a look at the drops of a source or dataset, now. A run is claimed in the lake, then its message
 * is acknowledged; when its process dies, another one takes it over once the claim is not renewed any more.
 */
export class RunDoor {
  readonly #options: RunDoorOptions;
  readonly #running = new Set<Promise<void>>();

  constructor(options: RunDoorOptions) {
    this.#options = options;
  }

  async handle(request: RunRequest): Promise<Verdict> {
    const { lake, effects } = this.#options;
    await effects.run('run.request', () => createDocument(lake, requestKey(request.runId), request));
    await this.#start(request);
    return ok(undefined);
  }

  /** Takes over runs that were left behind, now and every `leaseMs`, until the signal is aborted. */
  async resumeAbandoned(): Promise<void> {
    const { lake, signal, leaseMs } = this.#options;
    while (!signal.aborted) {
      try {
        for await (const { key } of lake.list(REQUESTS)) {
          const found = await readDocument(lake, key, runRequest);
          if (found) await this.#start(found.value);
        }
      } catch (error) {
        if (!(error instanceof RollcallError)) throw error;
      }
      await sleep(leaseMs, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Returns when no run is under way. */
  async finish(): Promise<void> {
    await Promise.all(this.#running);
  }

  async #start(request: RunRequest): Promise<void> {
    const { lake, effects, owner, leaseMs, clock, onCrash } = this.#options;
    const lease = { owner, ttlMs: leaseMs, clock };
    const claim = await effects.run('run.claim', () => claimRun(lake, request.runId, lease));
    if (claim.kind === 'finished') await effects.run('run.end', () => lake.delete(requestKey(request.runId)));
    if (claim.kind !== 'claimed') return;
    const run = this.#execute(request, claim.lease).catch(onCrash);
    this.#running.add(run);
    void run.finally(() => this.#running.delete(run));
  }

  async #execute(request: RunRequest, lease: Lease): Promise<void> {
    const { events, leaseMs, signal, clock, effects } = this.#options;
    const startedAt = isoMicros(clock.nowMicros());
    events.runStarted(request);
    // A renewal that fails is followed by the next one; when all do, another process takes over.
    const renew = (): Promise<unknown> => effects.run('run.renew', () => lease.renew()).catch(() => undefined);
    const renewal = setInterval(() => void renew(), leaseMs / 3);
    try {
      const result = await this.#scanAll(request);
      if (signal.aborted) await lease.release();
      else await this.#end(request, lease, startedAt, result);
    } catch (error) {
      // An outage of the world: the claim runs out and the run is taken up again.
      if (!(error instanceof RollcallError)) throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  async #scanAll(request: RunRequest): Promise<RunResult> {
    const targets = this.#options.datasets.filter(
      ({ dataset }) => dataset.source === request.source && (request.dataset ?? dataset.name) === dataset.name,
    );
    const total = { read: 0, batches: 0, rejected: 0 };
    if (targets.length === 0) return { ...total, verdict: 'failed', code: 'load/unknown-dataset' };
    // Drops know new content and content read again: every mode but `incremental` is the latter.
    const wanted = { run: request.runId, again: request.mode !== 'incremental', dryRun: request.dryRun };
    let failure: RollcallError | undefined;
    for (const target of targets) {
      const scanned = await this.#options.scan(target, wanted);
      total.read += scanned.rows + scanned.rejected;
      total.batches += scanned.batches;
      total.rejected += scanned.rejected;
      failure ??= scanned.failure;
    }
    if (failure) return { ...total, verdict: 'failed', code: failure.code };
    return { ...total, verdict: request.dryRun ? 'dry-run' : 'succeeded' };
  }

  async #end(request: RunRequest, lease: Lease, startedAt: string, result: RunResult): Promise<void> {
    const { broker, lake, effects, clock, events } = this.#options;
    const { runId, source, dataset, requestedBy } = request;
    const finishedAt = isoMicros(clock.nowMicros());
    const named = { runId, kind: 'logs' as const, source, ...(dataset !== undefined && { dataset }), requestedBy };
    await effects.run('run.finished', () =>
      broker.publish(runFinished, { ...named, ...result, startedAt, finishedAt }),
    );
    await effects.run('run.end', async () => {
      await lease.finish({ ...result });
      await lake.delete(requestKey(runId));
    });
    events.runFinished(request, result);
  }
}

function requestKey(runId: string): string {
  return `${REQUESTS}${encodeURIComponent(runId)}`;
}
