import type { LoadCounts } from '@rollcall/contracts';
import { recomputeSessions } from '../derive/recompute-sessions.js';
import { createTouched } from '../derive/touched.js';
import { markBelowFloors, performClears } from './clears.js';
import { endRows, pairDeletions } from './end-rows.js';
import { feedHistory } from './feed-history.js';
import type { LoadContext } from './load-context.js';
import { countOf, raw } from './load-context.js';
import type { LoadEffect } from './load-effects.js';
import { mergeRows } from './merge.js';
import { quarantineRows } from './quarantine-rows.js';
import { refuseUnresolved, resolveUnchanged, type LeaningBatch } from './resolve-unchanged.js';

export interface Performed {
  readonly counts: Omit<LoadCounts, 'in'>;
  readonly touched: readonly string[];
}

/**
 * Settings of the transaction alone. Half a million rows are sorted by their key, and grouped by hash, in memory; the statistics of temporary
 * tables need to tell a hundred rows from a million, not more.
 */
export const LOAD_SETTINGS = `SET LOCAL work_mem = '128MB'; SET LOCAL random_page_cost = 1.1; SET LOCAL default_statistics_target = 20`;

/**
 * What a load does to the tables once its batches stand in the ledger. Inside the transaction, under the dataset's lock.
 * @param leaning batches with rows that lean on those before them, in the order of their chain
 */
export async function performLoad(
  context: Omit<LoadContext, 'rawIsEmpty'>,
  leaning: readonly LeaningBatch[],
  reached: (effect: LoadEffect) => Promise<void>,
): Promise<Performed> {
  const { session, relation } = context;
  const name = relation.dataset.name;
  const empty =
    (await countOf(
      session,
      `SELECT count(*) FROM (SELECT FROM ${raw({ ...context, rawIsEmpty: true })} LIMIT 1) any_row`,
    )) === 0;
  const loading: LoadContext = { ...context, rawIsEmpty: empty };
  await session.run(`CREATE TEMP TABLE rollcall_verdict (_n int, v "char") ON COMMIT DROP`);
  await createTouched(session, relation);
  await resolveUnchanged(loading, leaning);
  await pairDeletions(loading);
  const clears = await performClears(loading);
  await markBelowFloors(loading);
  await refuseUnresolved(loading, leaning);
  await reached('floors');
  const history = await feedHistory(loading);
  await reached('history');
  const merge = await mergeRows(loading);
  await endRows(loading);
  await reached('merged');
  const derived = await recomputeSessions(session, relation, 'arrived');
  await reached('derived');
  const refused = await quarantineRows(loading);
  await reached('quarantined');
  return {
    counts: {
      merged: merge.merged + clears.merged,
      superseded: merge.superseded + clears.superseded,
      duplicate: merge.duplicate + clears.duplicate + refused.duplicate,
      quarantined: refused.quarantined,
      held: clears.held,
      // Erasure will count here what a receipt forbids; nothing is erased by a load.
      erased: 0,
    },
    touched: [
      ...derived,
      ...(history ? [`history.${name}`] : []),
      ...(refused.quarantined > 0 ? ['ops.quarantine'] : []),
      ...(clears.held > 0 ? ['ops.held'] : []),
    ].sort(),
  };
}
