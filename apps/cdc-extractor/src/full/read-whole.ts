import type { Dataset } from '@rollcall/catalog';
import { positionIndex, positionPrefix } from '@rollcall/kernel';
import type { ColumnName } from '@rollcall/lake';
import type pg from 'pg';
import { landBatch } from '../land/land-batch.js';
import { landClear } from '../land/land-clear.js';
import { ReadPositions } from '../land/read-meta.js';
import type { SourceContext } from '../source-context.js';
import type { CursorDoc, Standing } from '../state/cursor-doc.js';
import { batchesOf, partOf, withRangeDone, type WholeRead } from '../state/whole-read.js';
import { segmentsOf, segmentSql } from './block-ranges.js';
import { beginInSnapshot, type ReadSnapshot } from './open-snapshot.js';
import { openTable, type OpenTable } from './open-table.js';
import { planRead, tasksOf } from './plan-read.js';
import { readRange } from './read-range.js';

export interface WholeReadRequest {
  readonly context: SourceContext;
  readonly dataset: Dataset;
  readonly doc: CursorDoc;
  /** What the batches are named after; with the attempt it must never have been given before. */
  readonly run: string;
  readonly attempt: number;
  /**
   * What is read. Its LSN must be above every point given to the dataset before (it becomes the cursor's), and the one who exported it must keep
   * it until this says `begun`.
   */
  readonly snapshot: ReadSnapshot;
  readonly epoch: number;
  readonly signal: AbortSignal;
  /** Every connection has its transaction: the snapshot is needed no more by name. */
  readonly begun?: () => void;
  /** What the cursor is moved to with the end of the read, in one move. */
  readonly ended?: (standing: Standing, read: ReadEnd) => Standing;
}

/** What a whole read came to. */
export interface ReadEnd {
  /** Over all attempts. */
  readonly rows: number;
  readonly batches: number;
  /** The `t`: whoever chains on needs it. */
  readonly clearBatch: string;
  readonly clearPosition: string;
}

/**
 * Reads a table whole, by ranges of blocks side by side, and ends with a `t` for all that it did not see. What a crash leaves is gone on with by the
 * next attempt, at a higher LSN. Delivery: at least once; durable range by range. Codes source/*, lake/*, nats/*; lake/conflict when another
 * extractor works on the dataset.
 */
export async function readWhole(request: WholeReadRequest): Promise<ReadEnd> {
  const { context, dataset, run, snapshot, epoch } = request;
  const failed = new AbortController();
  const signal = AbortSignal.any([request.signal, failed.signal]);
  const clients: pg.Client[] = [];
  let columns: readonly ColumnName[] = [];
  const begin = async (): Promise<pg.Client> => {
    const client = await context.connect({ signal });
    clients.push(client);
    await beginInSnapshot(client, snapshot);
    return client;
  };
  try {
    const first = await begin();
    const open = await openTable(context, first, dataset);
    columns = open.plan.columns;
    const read = await beginRead(request, open);
    const tasks = tasksOf(read);
    const wanted = Math.min(context.readConnections, tasks.length);
    const others = await Promise.all(Array.from({ length: wanted - 1 }, begin));
    request.begun?.();
    const positions = new ReadPositions(epoch, snapshot.lsn);
    const queue = tasks[Symbol.iterator]();
    const work = async (client: pg.Client): Promise<void> => {
      for (const task of queue) await readTask(request, { client, open, read, positions, signal }, task);
    };
    await allOrFirstFailure([first, ...others].map(work), failed);
  } finally {
    await Promise.all(clients.map((client) => client.end().catch(() => undefined)));
  }
  return endRead(request, `${run}:${request.attempt}`, columns);
}

type Task = ReturnType<typeof tasksOf>[number];

interface ReadingHand {
  readonly client: pg.Client;
  readonly open: OpenTable;
  readonly read: WholeRead;
  readonly positions: ReadPositions;
  readonly signal: AbortSignal;
}

async function beginRead({ context, dataset, doc, ...request }: WholeReadRequest, open: OpenTable): Promise<WholeRead> {
  const { run, attempt, epoch, snapshot } = request;
  const seen = { name: `${run}:${attempt}`, epoch, lsn: snapshot.lsn, xmin: open.xmin, leaves: open.leaves };
  const { state } = await doc.move((standing) => ({
    ...standing,
    epoch,
    point: snapshot.lsn,
    state: { ...standing.state, read: planRead(standing.state.read, { ...seen, now: context.clock.nowMicros() }) },
  }));
  if (!state.read) throw new Error(`the read of ${dataset.name} that was begun is gone`);
  return state.read;
}

async function readTask(
  { context, dataset, doc, run, attempt }: WholeReadRequest,
  { client, open, read, positions, signal }: ReadingHand,
  { range, newerThan }: Task,
): Promise<void> {
  const froms =
    read.leaves.length === 0
      ? [`FROM ${open.sql}`]
      : segmentsOf(read, range, open.leaves).map((segment) => segmentSql(segment, newerThan));
  const { rows, batches } = await readRange(client, {
    dataset,
    open,
    positions,
    froms,
    signal,
    land: (batch, n) =>
      landBatch(context, {
        dataset,
        groups: batch,
        range: { kind: 'run', run: `${run}:${attempt}`, part: partOf(range, n) },
        origin: open.name,
        asOf: BigInt(read.asOf),
        run,
      }),
  });
  signal.throwIfAborted();
  const { state } = await doc.update((before) => ({
    ...before,
    ...(before.read && { read: withRangeDone(before.read, range, batches, rows) }),
  }));
  const newest = read.attempts.length - 1;
  const left = state.read?.ranges.filter((ends) => ends.at(-1)?.[0] !== newest).length ?? 0;
  context.events.rangeRead(dataset, { rows: state.read?.rows ?? 0, rangesLeft: left });
}

async function endRead(
  { context, dataset, doc, run, ended }: WholeReadRequest,
  attempt: string,
  columns: readonly ColumnName[],
): Promise<ReadEnd> {
  const { read } = doc.standing.state;
  if (!read) throw new Error(`the read of ${dataset.name} that was begun is gone`);
  const needs = batchesOf(read, dataset.name);
  const clearPosition = positionPrefix(read.epoch, BigInt(read.lsn)) + positionIndex(0);
  const origin = dataset.from ?? dataset.name;
  const asOf = BigInt(read.asOf);
  const clear = await landClear(context, {
    dataset,
    attempt,
    run,
    position: clearPosition,
    columns,
    needs,
    origin,
    asOf,
  });
  const end = { rows: read.rows, batches: needs.length, clearBatch: clear.batchId, clearPosition };
  await doc.move((standing) => {
    const { read: _ended, ...state } = standing.state;
    const next = { ...standing, lastBatch: clear.batchId, state };
    return ended ? ended(next, end) : next;
  });
  return end;
}

/** Waits for all. The first that fails makes the others stop; its error is the one that counts. */
async function allOrFirstFailure(working: readonly Promise<void>[], failed: AbortController): Promise<void> {
  let first: { readonly error: unknown } | undefined;
  await Promise.all(
    working.map((work) =>
      work.catch((error: unknown) => {
        first ??= { error };
        failed.abort(error);
      }),
    ),
  );
  if (first) throw first.error;
}
