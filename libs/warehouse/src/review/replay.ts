import type { Dataset } from '@rollcall/catalog';
import type { LoadCounts } from '@rollcall/contracts';
import { CLEARS, createStaging, dropStaging, REFUSED, STAGED } from '../load/staging-tables.js';
import type { LoadOptions, StagedBatch } from '../load/loading.js';
import { observedAt } from '../load/observed-at.js';
import { leaningBatches } from '../load/resolve-unchanged.js';
import { LOAD_SETTINGS, performLoad } from '../load/run-load.js';
import { Stager } from '../load/stage-batches.js';
import { transaction, type Session, type Warehouse } from '../open-warehouse.js';
import { addEvolvedColumns, ensureDataset, MAX_EVOLVED_COLUMNS } from '../schema/ensure-dataset.js';
import { lockDataset } from '../schema/lock-dataset.js';
import { readRawColumns, resolveRelation } from '../schema/relation.js';

export interface ReplayResult {
  /** Rows that left quarantine. */
  readonly replayed: number;
  /** Rows that today's contract refuses too. */
  readonly stillRefused: number;
  /** What the replayed rows did. */
  readonly counts: Omit<LoadCounts, 'in'>;
  readonly touched: readonly string[];
}

/** Loads again the open rows of quarantine (lane `rows`) from their batches, under today's contract, in one transaction. Idempotent. */
export async function replayQuarantined(
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  options: LoadOptions = {},
): Promise<ReplayResult> {
  return warehouse.session(async (session) => {
    const effective = await ensureDataset(session, warehouse.dialect, dataset);
    await createStaging(session, warehouse.dialect, effective);
    try {
      const leaning = await stageOpen(session, warehouse, effective, batches, options);
      return await transaction(session, () => load(session, warehouse, effective, batches, leaning, options));
    } finally {
      await dropStaging(session).catch(() => undefined);
    }
  });
}

async function stageOpen(
  session: Session,
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  options: LoadOptions,
): Promise<ReadonlySet<number>> {
  const known = (await readRawColumns(session, dataset.name))
    .filter((column) => column.origin === 'evolved')
    .map((column) => column.name);
  const evolved = { names: new Set(known), cap: MAX_EVOLVED_COLUMNS };
  const stager = new Stager(session, warehouse.dialect, options.signal);
  for (const [number, batch] of batches.entries()) {
    const open = await session.rows<{ position: string }>(
      `SELECT q.position FROM ops.quarantine q JOIN ops.batch b ON b.id = q.batch WHERE b.batch_id = $1 AND q.lane = 'rows' AND q.status = 'open'`,
      [batch.announced.batchId],
    );
    const only = new Set(open.map((row) => row.position));
    if (only.size === 0 || batch.announced.lane !== 'rows') continue;
    const fit = {
      dataset,
      dialect: warehouse.dialect,
      evolved,
      observedAt: observedAt(dataset, batch.announced),
      only,
    };
    await stager.stage({ batch, number, fit });
  }
  const added = [...evolved.names].filter((name) => !known.includes(name));
  if (added.length > 0) await addEvolvedColumns(session, warehouse.dialect, dataset, added);
  return stager.leaning;
}

/** Rows that somebody else settled meanwhile are left out, under the lock. */
const SETTLED = `_position NOT IN (SELECT position FROM ops.quarantine WHERE dataset = $1 AND status = 'open')`;

async function load(
  session: Session,
  warehouse: Warehouse,
  dataset: Dataset,
  batches: readonly StagedBatch[],
  leaning: ReadonlySet<number>,
  options: LoadOptions,
): Promise<ReplayResult> {
  await session.client.query(LOAD_SETTINGS);
  await lockDataset(session, dataset.name);
  for (const table of [STAGED, CLEARS, REFUSED])
    await session.run(`DELETE FROM ${table} WHERE ${SETTLED}`, [dataset.name]);
  const ids = await session.rows<{ batch_id: string; id: string }>(
    'SELECT batch_id, id FROM ops.batch WHERE batch_id = ANY ($1)',
    [batches.map(({ announced }) => announced.batchId)],
  );
  const byId = new Map(ids.map((row) => [row.batch_id, row.id]));
  const batchIds = batches.map(({ announced }) => byId.get(announced.batchId) ?? null);
  const relation = resolveRelation(dataset, await readRawColumns(session, dataset.name));
  const { counts, touched } = await performLoad(
    { session, dialect: warehouse.dialect, relation, batchIds },
    leaningBatches(
      batches.map(({ announced }) => announced),
      batchIds,
      leaning,
    ),
    async (effect) => {
      await options.onEffect?.(effect);
    },
  );
  const replayed = await session.run(
    `UPDATE ops.quarantine SET status = 'replayed', settled_at = clock_timestamp(), settled_by = 'replay', tries = tries + 1
     WHERE dataset = $1 AND status = 'open' AND position IN (SELECT _position FROM ${STAGED} UNION SELECT _position FROM ${CLEARS})`,
    [dataset.name],
  );
  const stillRefused = await session.run(
    `UPDATE ops.quarantine q SET tries = q.tries + 1, reason = r.reason, "column" = r."column"
     FROM ${REFUSED} r WHERE q.dataset = $1 AND q.status = 'open' AND q.position = r._position`,
    [dataset.name],
  );
  return { replayed, stillRefused, counts, touched };
}
