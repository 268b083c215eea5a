import type { Dataset } from '@rollcall/catalog';
import type { Session } from '../open-warehouse.js';
import { historyTable, keyShape, rawTable } from '../schema/relation.js';
import type { LoadContext } from './load-context.js';
import type { LoadEffect } from './load-effects.js';
import type { StagedBatch } from './loading.js';
import type { Performed } from './run-load.js';
import { NotStraight } from './not-straight.js';
import { StraightCopy } from './straight-copy.js';
import { withoutKey } from './without-key.js';

/** Fewer rows are not worth taking the key away: that needs the table for itself. */
const KEY_LATER_ROWS = 100_000;

/** Whether batches may be what a dataset begins with, told by their announcements. Pure. */
export function mayBeFirst(dataset: Dataset, batches: readonly StagedBatch[]): boolean {
  const [first] = batches;
  const run = first === undefined ? undefined : runOf(first);
  return (
    run !== undefined &&
    dataset.derive.length === 0 &&
    // Rows without a key are told apart by what they say, which the merge takes note of.
    keyShape(dataset) !== 'position' &&
    batches.every(
      (batch) =>
        batch.announced.lane === 'rows' &&
        batch.announced.needs === undefined &&
        batch.vectors !== undefined &&
        batch.columns !== undefined &&
        runOf(batch) === run,
    )
  );
}

/**
 * Whether nothing that stands can be in conflict with the rows of one run: `empty` there is nothing; `begun` all there is came by the same run,
 * and a run reads a row once. The server's key has the last word. Undefined: the ordinary road.
 */
export async function firstLoadOf(
  session: Session,
  dataset: Dataset,
  batches: readonly StagedBatch[],
): Promise<'empty' | 'begun' | undefined> {
  const [batch] = batches;
  if (batch === undefined) return undefined;
  const [floors] = await session.rows('SELECT FROM ops.floor WHERE dataset = $1 LIMIT 1', [dataset.name]);
  if (floors !== undefined) return undefined;
  const tables = [rawTable(dataset.name), ...(dataset.history === 'scd2' ? [historyTable(dataset.name)] : [])];
  const [standing] = await session.rows(tables.map((table) => `(SELECT FROM ${table} LIMIT 1)`).join(' UNION ALL '));
  if (standing === undefined) return 'empty';
  const [other] = await session.rows(
    `SELECT FROM ops.batch WHERE dataset = $1 AND range ->> 'run' IS DISTINCT FROM $2 LIMIT 1`,
    [dataset.name, runOf(batch)],
  );
  return other === undefined ? 'begun' : undefined;
}

/**
 * Copies the rows straight into raw, and history, inside the transaction. Throws NotStraight when a row needs a decision, or two of them have one
 * key: the transaction is then to be rolled back, and the ordinary road taken.
 */
export async function performFirstLoad(
  context: Omit<LoadContext, 'rawIsEmpty'>,
  batches: readonly StagedBatch[],
  standing: 'empty' | 'begun' | undefined,
  reached: (effect: LoadEffect) => Promise<void>,
  signal?: AbortSignal,
): Promise<Performed> {
  if (standing === undefined) throw new NotStraight('other rows came first');
  const { session, relation } = context;
  const { dataset } = relation;
  const taken = batches.filter((_, number) => context.batchIds[number] !== null);
  const rows = taken.reduce((sum, { announced }) => sum + announced.rows, 0);
  await reached('floors');
  const copy = new StraightCopy({ ...context, rawIsEmpty: standing === 'empty' }, signal);
  const tables = standing === 'empty' && rows >= KEY_LATER_ROWS ? copy.tables : [];
  await withoutKey(session, tables, () => copy.run(batches));
  for (const effect of ['history', 'merged', 'derived', 'quarantined'] as const) await reached(effect);
  return {
    counts: { merged: rows, superseded: 0, duplicate: 0, quarantined: 0, held: 0, erased: 0 },
    touched: dataset.history === 'scd2' && rows > 0 ? [`history.${dataset.name}`] : [],
  };
}

function runOf({ announced: { range } }: StagedBatch): string | undefined {
  return range.kind === 'run' ? range.run : undefined;
}
