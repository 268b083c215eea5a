import { type PiiKey } from '@rollcall/catalog';
import {
  openLogStream,
  parsePgoutput,
  type LogCommit,
  type LogRelation,
  type LogSink,
  type LogStream,
} from '@rollcall/source-postgres';
import { type SourceContext } from '../source-context.js';
import { isCutDue } from './cut.js';
import { landCut, type LandedDataset } from './land-cut.js';
import { type LogTable } from './log-table.js';
import { type StreamState } from './stream-state.js';
import { TransactionSorter, type Cut } from './transaction-sorter.js';

/** How often it is looked whether rows have waited long enough. */
const TICK_MS = 100;
/** Changes between two looks inside one transaction. */
const LOOK_EVERY = 256;
/** When nothing of ours changes, the slot follows the log of the server this often. */
const IDLE_CONFIRM_MS = 10_000;

export interface LogSessionOptions {
  readonly context: SourceContext;
  readonly state: StreamState;
  readonly slot: string;
  readonly publication: string;
  /** The datasets that are streamed; all of them stand in `state`. */
  readonly datasets: ReadonlyMap<string, LandedDataset>;
  /** The tables of these datasets that a relation of the log is, planned for its columns. Empty: none of ours. */
  readonly planRelation: (relation: LogRelation, piiKey: PiiKey | undefined) => Promise<readonly LogTable[]>;
  readonly signal: AbortSignal;
  readonly idleConfirmMs?: number;
}

/**
 * One connection that streams the log of a source into the lake, from where the state stands. Settles when the signal is aborted, after the cut in
 * hand; throws what ends it. At least once: what was received and not landed comes again in the next session.
 */
export async function streamLog(options: LogSessionOptions): Promise<void> {
  await new LogSession(options).run();
}

class LogSession {
  readonly #options: LogSessionOptions;
  readonly #sorter: TransactionSorter;
  readonly #ended = Promise.withResolvers<void>();
  /** By oid: what the relation was when it was planned. */
  readonly #relations = new Map<number, string>();
  readonly #sink: LogSink;
  #stream: LogStream | undefined;
  #landing: Promise<void> | undefined;
  /** Messages that came before the stream could be told to wait. */
  readonly #early: Buffer[] = [];
  #isPlanning = false;
  #mustWait = false;
  #isOver = false;
  #messages = 0;
  #idleSinceMs = performance.now();

  constructor(options: LogSessionOptions) {
    this.#options = options;
    const { datasets, state } = options;
    this.#sorter = new TransactionSorter(
      [...datasets.values()].flatMap(({ dataset: { name, flush } }) => {
        const stands = state.doc?.datasets[name];
        return stands ? [{ name, flush, epoch: stands.epoch, position: stands.position }] : [];
      }),
    );
    this.#sink = this.#sinkOf(this.#sorter);
    // Told to whoever awaits `run`, which may come to it later.
    this.#ended.promise.catch(() => undefined);
  }

  async run(): Promise<void> {
    const { context, state, slot, publication, signal } = this.#options;
    signal.throwIfAborted();
    const stop = (): void => void this.#stream?.close();
    signal.addEventListener('abort', stop, { once: true });
    const tick = setInterval(() => this.#tick(), TICK_MS);
    try {
      const stream = await openLogStream({
        url: context.url().reveal(),
        slot,
        publication,
        from: BigInt(state.doc?.confirmed ?? 0),
        onMessage: (message) => this.#take(message),
        onKeepalive: (walEnd) => this.#early.length === 0 && this.#sorter.passed(walEnd),
        onEnd: (error) => (error === undefined ? this.#ended.resolve() : this.#ended.reject(error)),
      });
      stream.pause();
      this.#stream = stream;
      if (signal.aborted) stop();
      this.#resume();
      await this.#ended.promise;
    } finally {
      this.#isOver = true;
      clearInterval(tick);
      signal.removeEventListener('abort', stop);
      await this.#stream?.close();
      // The object may be there already: what follows it should be, too.
      await this.#landing;
    }
  }

  #take(message: Buffer): void {
    if (!this.#stream || this.#early.length > 0) this.#early.push(message);
    else this.#read(message);
  }

  #read(message: Buffer): void {
    parsePgoutput(message, this.#sink);
    this.#messages += 1;
    if (!this.#sorter.inTransaction || this.#messages % LOOK_EVERY === 0) this.#cutWhenDue();
  }

  #tick(): void {
    if (!this.#stream) return;
    this.#cutWhenDue();
    const sinceMs = performance.now() - this.#idleSinceMs;
    if (this.#landing || this.#sorter.hasRows || sinceMs < (this.#options.idleConfirmMs ?? IDLE_CONFIRM_MS)) return;
    this.#idleSinceMs = performance.now();
    if (this.#sorter.end > BigInt(this.#options.state.doc?.confirmed ?? 0)) this.#land(this.#sorter.take());
  }

  /** While one cut lands the next one fills; when that is due as well, the stream waits. */
  #cutWhenDue(): void {
    if (!isCutDue(this.#sorter.open(performance.now()), this.#sorter.inTransaction)) return;
    if (this.#landing) {
      this.#mustWait = true;
      this.#stream?.pause();
    } else this.#land(this.#sorter.take());
  }

  #land(cut: Cut): void {
    this.#idleSinceMs = performance.now();
    this.#landing = this.#landAndConfirm(cut).then(
      () => {
        this.#landing = undefined;
        this.#mustWait = false;
        if (this.#isOver) return;
        this.#cutWhenDue();
        this.#resume();
      },
      (error: unknown) => this.#fail(error),
    );
  }

  async #landAndConfirm(cut: Cut): Promise<void> {
    const { context, state, datasets } = this.#options;
    const startedAt = performance.now();
    const confirmed = await landCut(context, state, datasets, cut);
    await context.effects.run('slot.confirm', async () => this.#stream?.confirm(confirmed));
    const { rowCount: changes, committedAt } = cut;
    const seconds = (performance.now() - startedAt) / 1000;
    if (changes > 0) context.events.cutLanded(context.source.source, { changes, seconds, committedAt });
  }

  #resume(): void {
    try {
      while (!this.#mustWait && !this.#isPlanning) {
        const message = this.#early.shift();
        if (!message) return this.#stream?.resume();
        this.#read(message);
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    this.#ended.reject(error);
    void this.#stream?.close();
  }

  #sinkOf(sorter: TransactionSorter): LogSink {
    return {
      begin: (begin) => sorter.begin(begin),
      commit: (commit: LogCommit) => sorter.commit(commit, performance.now()),
      insert: (oid, row) => sorter.insert(oid, row),
      update: (oid, row, old, kind) => sorter.update(oid, row, old, kind),
      delete: (oid, old, kind) => sorter.delete(oid, old, kind),
      truncate: (truncate) => sorter.truncate(truncate),
      relation: (relation) => this.#relation(relation),
      type: () => undefined,
      origin: () => undefined,
      message: () => undefined,
    };
  }

  /** A table is planned when it is first seen, and anew whenever its columns are not what they were. Until then nothing is read. */
  #relation(relation: LogRelation): void {
    const shape = JSON.stringify(relation);
    if (this.#relations.get(relation.oid) === shape) return;
    this.#relations.set(relation.oid, shape);
    this.#isPlanning = true;
    this.#stream?.pause();
    void this.#plan(relation).catch((error: unknown) => this.#fail(error));
  }

  async #plan(relation: LogRelation): Promise<void> {
    const { planRelation, context } = this.#options;
    this.#sorter.route(relation.oid, await planRelation(relation, context.piiKey));
    this.#isPlanning = false;
    this.#resume();
  }
}
