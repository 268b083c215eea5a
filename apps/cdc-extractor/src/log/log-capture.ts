import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs, RollcallError } from '@rollcall/kernel';
import { claimLease, type Lease } from '@rollcall/lake';
import { type ReadyCheck } from '@rollcall/service';
import { type SourceContext } from '../source-context.js';
import { LogRound } from './log-round.js';
import { type LogPhase } from './log-events.js';
import { prepareLog } from './prepare-log.js';
import { StreamState } from './stream-state.js';

export interface LogLimits {
  /** The slot is called behind when it lags more. */
  readonly warnBytes: number;
  /** How often the slot follows the log while nothing of ours changes. */
  readonly idleConfirmMs: number;
  /** Between two looks at slot, publication and tables. */
  readonly watchMs: number;
}

export const LOG_LIMITS: LogLimits = { warnBytes: 2 ** 30, idleConfirmMs: 10_000, watchMs: 15_000 };

/**
 * The longest that a log stays without a reader after its reader was killed. A lease on a run may be longer: a run that waits is late, a log that
 * waits fills the source's disk and makes every number late.
 */
const LOG_LEASE_MS = 15_000;

/** After so long a round counts as one that worked. */
const WORKED_MS = 60_000;

/**
 * Log capture of one source: whoever holds the lease streams, all others wait. What the world does to it (a lost connection, a lake that does not
 * answer) ends a round; the next one begins where the lake stands, after a while that grows. A log that is lost is named, and looked at again until
 * somebody asks for a `resnapshot` of the source.
 */
export class LogCapture {
  readonly #context: SourceContext;
  readonly #limits: LogLimits;
  #phase: LogPhase = 'waiting';
  #failure: RollcallError | undefined;
  #wake = new AbortController();

  constructor(context: SourceContext, limits: Partial<LogLimits> = {}) {
    this.#context = context;
    this.#limits = { ...LOG_LIMITS, ...limits };
  }

  get phase(): LogPhase {
    return this.#phase;
  }

  /** What stands in the way now. */
  get failure(): RollcallError | undefined {
    return this.#failure;
  }

  /** Unready while something stands in the way of the log; the source's other datasets are read all the same. */
  get readyCheck(): ReadyCheck {
    return {
      name: `log-${this.#context.source.source}`,
      partial: true,
      check: async () => {
        if (this.#failure) throw this.#failure;
      },
    };
  }

  /** Looks again at once, instead of when the time comes. */
  wake(): void {
    this.#wake.abort();
    this.#wake = new AbortController();
  }

  /** Until the context's signal is aborted. Throws only what is a bug. */
  async run(): Promise<void> {
    const { signal } = this.#context;
    for (let failures = 0; !signal.aborted;) {
      const startedAt = performance.now();
      try {
        const lease = await this.#claim();
        if (lease) await this.#hold(lease);
        else await this.#pause(this.#leaseMs / 3);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (!(error instanceof RollcallError)) throw error;
        failures = performance.now() - startedAt > WORKED_MS ? 1 : failures + 1;
        this.#failed(error);
        await this.#pause(backoffMs(failures, Math.random()));
      }
    }
  }

  get #leaseMs(): number {
    return Math.min(this.#context.leaseMs, LOG_LEASE_MS);
  }

  async #claim(): Promise<Lease | undefined> {
    const { lake, effects, owner, clock, source } = this.#context;
    const request = { owner, ttlMs: this.#leaseMs, clock };
    const claim = await effects.run('lease.claim', () => claimLease(lake, `_state/${source.source}/_log`, request));
    if (claim.kind === 'claimed') return claim.lease;
    this.#enter('waiting');
    return undefined;
  }

  async #hold(lease: Lease): Promise<void> {
    const { effects, signal, source } = this.#context;
    const leaseMs = this.#leaseMs;
    const lost = new AbortController();
    let renewedAt = performance.now();
    const renew = async (): Promise<void> => {
      try {
        if (!(await effects.run('lease.renew', () => lease.renew())))
          throw new RollcallError('lake/conflict', `the log of ${source.source} is somebody else's now`);
        renewedAt = performance.now();
      } catch (error) {
        // A store that does not answer for a while is followed by the next renewal, as long as the lease holds.
        const isOver = performance.now() - renewedAt > leaseMs * 0.6;
        if (isOver || !(error instanceof RollcallError) || error.code === 'lake/conflict') lost.abort(error);
      }
    };
    const renewal = setInterval(() => void renew(), leaseMs / 3);
    try {
      await this.#stream(AbortSignal.any([signal, lost.signal]));
      lost.signal.throwIfAborted();
    } catch (error) {
      throw lost.signal.aborted ? lost.signal.reason : error;
    } finally {
      clearInterval(renewal);
      if (!lost.signal.aborted) await lease.release().catch(() => undefined);
    }
  }

  /** Rounds, each with its own connections. A round ends without an error when datasets have joined, or a table is not what it was. */
  async #stream(signal: AbortSignal): Promise<void> {
    const { source } = this.#context;
    const { log: names } = source;
    const datasets = source.datasets.filter(({ capture }) => capture.mode === 'log');
    if (!names || datasets.length === 0) return void (await sleep(2 ** 31 - 1, undefined, { signal }));
    while (!signal.aborted) {
      if (this.#phase !== 'lost') this.#enter('starting');
      const context = { ...this.#context, signal };
      const state = await StreamState.open(context, source.source);
      const client = await context.connect({ signal });
      try {
        const prepared = await prepareLog({ context, state, names, datasets, client });
        await using round = new LogRound({ context, state, names, prepared, client, limits: this.#limits });
        this.#failure = undefined;
        await round.run((phase) => this.#enter(phase));
      } finally {
        await client.end().catch(() => undefined);
      }
    }
  }

  #enter(phase: LogPhase): void {
    if (this.#phase === phase) return;
    this.#phase = phase;
    const { source } = this.#context;
    const names = source.datasets.filter(({ capture }) => capture.mode === 'log').map(({ name }) => name);
    this.#context.events.logPhase(source.source, phase, names);
  }

  #failed(error: RollcallError): void {
    const { events, source } = this.#context;
    this.#failure = error;
    if (error.code !== 'source/slot-lost') {
      events.sourceFailed(source.source, error);
      return this.#enter('starting');
    }
    if (this.#phase !== 'lost') events.slotLost(source.source, error);
    this.#enter('lost');
  }

  async #pause(ms: number): Promise<void> {
    const signal = AbortSignal.any([this.#context.signal, this.#wake.signal]);
    await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}
