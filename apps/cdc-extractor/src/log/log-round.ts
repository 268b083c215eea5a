import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogNames } from '@rollcall/catalog';
import { describeTable, publishedAs, readPublication, readSlot, type LogRelation } from '@rollcall/source-postgres';
import type pg from 'pg';
import { type SourceContext } from '../source-context.js';
import { describeRelation } from './describe-relation.js';
import { type LogLimits } from './log-capture.js';
import { type LogPhase } from './log-events.js';
import { streamLog } from './log-session.js';
import { type LogTable } from './log-table.js';
import { planLogTable } from './plan-log-table.js';
import { type LogDataset, type PreparedLog } from './prepare-log.js';
import { joinDataset } from './read-beside-log.js';
import { type StreamState } from './stream-state.js';

export interface RoundOptions {
  /** Its signal ends the round. */
  readonly context: SourceContext;
  readonly state: StreamState;
  readonly names: LogNames;
  readonly prepared: PreparedLog;
  /** An ordinary connection, for looks at the source. */
  readonly client: pg.Client;
  readonly limits: LogLimits;
}

/** Streams what is streamed and reads what joins, side by side, until something of it is to begin anew. */
export class LogRound implements AsyncDisposable {
  readonly #options: RoundOptions;
  readonly #over = new AbortController();
  readonly #context: SourceContext;

  constructor(options: RoundOptions) {
    this.#options = options;
    const signal = AbortSignal.any([options.context.signal, this.#over.signal]);
    this.#context = { ...options.context, signal };
  }

  /** Throws the first error of any of its works, once all have ended. */
  async run(enter: (phase: LogPhase) => void): Promise<void> {
    const { state } = this.#options;
    const joining = Object.keys(state.doc?.joining ?? {});
    const streamed = this.#streamed();
    enter(joining.length > 0 ? 'snapshotting' : 'streaming');
    const works = [this.#watch(), ...(joining.length > 0 ? [this.#join(joining)] : [])];
    if (streamed.size > 0) works.push(this.#stream(streamed));
    let first: { readonly error: unknown } | undefined;
    const ended = works.map((work) =>
      work
        .catch((error: unknown) => {
          if (!this.#context.signal.aborted) first ??= { error };
        })
        .finally(() => this.#over.abort()),
    );
    await Promise.all(ended);
    if (first) throw first.error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#options.prepared.newSlot?.client.end().catch(() => undefined);
  }

  #streamed(): ReadonlyMap<string, LogDataset> {
    const { state, prepared } = this.#options;
    return new Map([...prepared.datasets].filter(([name]) => state.doc?.datasets[name] !== undefined));
  }

  async #stream(streamed: ReadonlyMap<string, LogDataset>): Promise<void> {
    const { state, names, limits } = this.#options;
    await streamLog({
      context: this.#context,
      state,
      slot: names.slot,
      publication: names.publication,
      datasets: new Map(
        [...streamed].map(([name, { dataset, table }]) => [name, { dataset, origin: `${table.schema}.${table.name}` }]),
      ),
      planRelation: (relation) => this.#plan(relation, streamed),
      signal: this.#context.signal,
      idleConfirmMs: limits.idleConfirmMs,
    });
  }

  /** A table is known by its oid, also under the name it had at that place of the log. */
  async #plan(relation: LogRelation, streamed: ReadonlyMap<string, LogDataset>): Promise<readonly LogTable[]> {
    const ours = [...streamed.values()].filter(
      ({ table: { oid, schema, name } }) =>
        oid === relation.oid || (schema === relation.namespace && name === relation.name),
    );
    if (ours.length === 0) return [];
    const table = await describeRelation(this.#options.client, relation);
    return ours.map(({ dataset }) => planLogTable(dataset, table, this.#context.piiKey));
  }

  async #join(joining: readonly string[]): Promise<void> {
    const { state, prepared } = this.#options;
    const { newSlot } = prepared;
    const snapshot = newSlot && { name: newSlot.snapshot, lsn: newSlot.consistentPoint - 1n };
    for (const name of joining) {
      const one = prepared.datasets.get(name);
      if (!one) continue;
      const run = { run: `join:${name}:${randomBytes(6).toString('hex')}`, attempt: 1, signal: this.#context.signal };
      await joinDataset(this.#context, state, one.dataset, run, snapshot);
    }
  }

  /** Ends the round when a table was made anew or left the publication: what changes there is not streamed. */
  async #watch(): Promise<void> {
    const { client, names, limits, prepared } = this.#options;
    const { events, source, signal } = this.#context;
    while (!signal.aborted) {
      const slot = await readSlot(client, names.slot);
      if (slot) events.slotSeen(source.source, slot, limits.warnBytes);
      await sleep(limits.watchMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const publication = await readPublication(client, names.publication);
      for (const { dataset, table } of prepared.datasets.values()) {
        const now = await describeTable(client, dataset.from ?? dataset.name);
        const isPublished = publication && (publication.allTables || publishedAs(publication, table) !== undefined);
        if (now?.oid !== table.oid || !isPublished) return;
      }
    }
  }
}
