import { setTimeout as sleep } from 'node:timers/promises';
import { runFinished, runRequest, type RunRequest, type SourceKind } from '@rollcall/contracts';
import { isoMicros, ok, RollcallError, type Clock, type Verdict } from '@rollcall/kernel';
import { claimRun, createDocument, readDocument, type Lease, type ObjectStore } from '@rollcall/lake';
import type { Broker } from '@rollcall/messaging';
import type { EffectRunner } from '../effects/effects.js';

/** The effects of a run door, in the order in which they happen. */
export const RUN_EFFECTS = ['run.request', 'run.claim', 'run.renew', 'run.finished', 'run.end'] as const;
export type RunEffect = (typeof RUN_EFFECTS)[number];

export interface RunDoorOptions {
  /** The kind of source whose requests it takes. */
  readonly kind: SourceKind;
  readonly lake: ObjectStore;
  readonly broker: Pick<Broker, 'publish'>;
  /**
   * Does what is asked for. It may be called again for the same request, in any process, when an earlier attempt ended without a result. An error of
   * the world that it throws leaves the run open, to be tried again; what no further try can change it returns as `failed`.
   */
  readonly execute: (request: RunRequest, attempt: RunAttempt) => Promise<RunResult>;
  readonly effects: EffectRunner<RunEffect>;
  readonly clock: Clock;
  /** A name nobody else uses: process and random part. */
  readonly owner: string;
  /** After this time without a renewal a run is somebody else's. */
  readonly leaseMs: number;
  readonly signal: AbortSignal;
  readonly events: RunEvents;
  /** A run failed in a way Rollcall does not know. */
  readonly onCrash: (error: unknown) => void;
}

export interface RunAttempt {
  /** Counts the claims of this run, from 1: no two attempts have the same. */
  readonly attempt: number;
  /** Aborted when the service stops, and when the run has become somebody else's. */
  readonly signal: AbortSignal;
}

export interface RunEvents {
  runStarted(request: RunRequest): void;
  runFinished(request: RunRequest, result: RunResult): void;
  /** An attempt ended without a result; the run is taken up again. */
  runInterrupted?(request: RunRequest, error: RollcallError): void;
}

export interface RunResult {
  readonly verdict: 'succeeded' | 'failed' | 'dry-run';
  readonly code?: string;
  readonly read: number;
  readonly batches: number;
  readonly rejected: number;
}

/**
 * Runs asked for by `run.v1.requested.<kind>`. A run is claimed in the lake, then its message is acknowledged; when its process dies, another
 * one takes it over once the claim is not renewed any more.
 */
export class RunDoor {
  readonly #options: RunDoorOptions;
  readonly #requests: string;
  /** By run id: here a run is executed once at a time, although its owner could claim it again. */
  readonly #running = new Map<string, Promise<unknown>>();

  constructor(options: RunDoorOptions) {
    this.#options = options;
    this.#requests = `_state/run-requests/${options.kind}/`;
  }

  async handle(request: RunRequest): Promise<Verdict> {
    const { lake, effects } = this.#options;
    await effects.run('run.request', () => createDocument(lake, this.#requestKey(request.runId), request));
    await this.#start(request);
    return ok(undefined);
  }

  /** Takes over runs that were left behind, now and every `leaseMs`, until the signal is aborted. */
  async resumeAbandoned(): Promise<void> {
    const { lake, signal, leaseMs } = this.#options;
    while (!signal.aborted) {
      try {
        for await (const { key } of lake.list(this.#requests)) {
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
    await Promise.all(this.#running.values());
  }

  async #start(request: RunRequest): Promise<void> {
    const { runId } = request;
    if (this.#running.has(runId) || this.#options.signal.aborted) return;
    const claiming = this.#claim(request);
    // Noted before anything is awaited: a message and the look at what was left behind may meet.
    const run = claiming
      .then(
        // What the claim runs into is told to whoever asked, below.
        async (lease) => lease && this.#execute(request, lease).catch(this.#options.onCrash),
        () => undefined,
      )
      .finally(() => this.#running.delete(runId));
    this.#running.set(runId, run);
    await claiming;
  }

  async #claim(request: RunRequest): Promise<Lease | undefined> {
    const { lake, effects, owner, leaseMs, clock } = this.#options;
    const lease = { owner, ttlMs: leaseMs, clock };
    const claim = await effects.run('run.claim', () => claimRun(lake, request.runId, lease));
    if (claim.kind === 'finished') await effects.run('run.end', () => lake.delete(this.#requestKey(request.runId)));
    return claim.kind === 'claimed' ? claim.lease : undefined;
  }

  async #execute(request: RunRequest, lease: Lease): Promise<void> {
    const { events, leaseMs, signal, clock, effects, execute } = this.#options;
    const startedAt = isoMicros(clock.nowMicros());
    events.runStarted(request);
    const lost = new AbortController();
    // A renewal that fails is followed by the next one; when all do, another process takes over.
    const renew = async (): Promise<void> => {
      const renewed = await effects.run('run.renew', () => lease.renew()).catch(() => true);
      if (!renewed) lost.abort();
    };
    const renewal = setInterval(() => void renew(), leaseMs / 3);
    const ended = AbortSignal.any([signal, lost.signal]);
    try {
      const result = await execute(request, { attempt: lease.term, signal: ended });
      if (lost.signal.aborted) return;
      if (signal.aborted) await lease.release();
      else await this.#end(request, lease, startedAt, result);
    } catch (error) {
      // Who was told to stop may say so by throwing.
      if (ended.aborted && error === ended.reason) await (lost.signal.aborted ? undefined : lease.release());
      // An outage of the world: the claim runs out and the run is taken up again.
      else if (error instanceof RollcallError) events.runInterrupted?.(request, error);
      else throw error;
    } finally {
      clearInterval(renewal);
    }
  }

  async #end(request: RunRequest, lease: Lease, startedAt: string, result: RunResult): Promise<void> {
    const { broker, lake, effects, clock, events, kind } = this.#options;
    const { runId, source, dataset, requestedBy } = request;
    const finishedAt = isoMicros(clock.nowMicros());
    const named = { runId, kind, source, ...(dataset !== undefined && { dataset }), requestedBy };
    await effects.run('run.finished', () =>
      broker.publish(runFinished, { ...named, ...result, startedAt, finishedAt }),
    );
    await effects.run('run.end', async () => {
      await lease.finish({ ...result });
      await lake.delete(this.#requestKey(runId));
    });
    events.runFinished(request, result);
  }

  #requestKey(runId: string): string {
    return `${this.#requests}${encodeURIComponent(runId)}`;
  }
}
