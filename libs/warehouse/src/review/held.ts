import type { Dataset } from '@rollcall/catalog';
import { recomputeSessions } from '../derive/recompute-sessions.js';
import { createTouched } from '../derive/touched.js';
import { deleteBelow } from '../load/clears.js';
import { recomputeCleared } from '../load/feed-history.js';
import { CLEARS, createStaging, dropStaging } from '../load/staging-tables.js';
import { transaction, type Warehouse } from '../open-warehouse.js';
import { ensureDataset } from '../schema/ensure-dataset.js';
import { lockDataset } from '../schema/lock-dataset.js';
import { readRawColumns, resolveRelation } from '../schema/relation.js';

/** A `t` that would delete so much that an operator must look first. Until then it has no effect. */
export interface HeldClear {
  readonly id: string;
  readonly dataset: string;
  readonly batchId: string;
  readonly position: string;
  /** JSON array of leading key values; `[]` is the whole dataset. */
  readonly scope: string;
  /** Rows it would have deleted when it came, of so many that stood. */
  readonly wouldDelete: number;
  readonly standing: number;
  readonly status: 'waiting' | 'approved' | 'discarded';
  readonly heldAt: string;
  readonly settledBy?: string;
}

export interface HeldFilter {
  readonly dataset?: string;
  readonly status?: HeldClear['status'];
}

/** In the order they came, at most 1,000. */
export async function listHeld(warehouse: Warehouse, filter: HeldFilter = {}): Promise<readonly HeldClear[]> {
  const rows = await warehouse.query<{
    id: string;
    dataset: string;
    batch_id: string;
    position: string;
    scope: string;
    would_delete: string;
    standing: string;
    status: HeldClear['status'];
    held_at: string;
    settled_by: string | null;
  }>(
    `SELECT h.id, h.dataset, b.batch_id, h.position, h.scope::text AS scope, h.would_delete, h.standing, h.status,
            to_char(h.held_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS held_at, h.settled_by
     FROM ops.held h JOIN ops.batch b ON b.id = h.batch
     WHERE ($1::text IS NULL OR h.dataset = $1) AND ($2::text IS NULL OR h.status = $2) ORDER BY h.id LIMIT 1000`,
    [filter.dataset ?? null, filter.status ?? null],
  );
  return rows.map((row) => ({
    id: row.id,
    dataset: row.dataset,
    batchId: row.batch_id,
    position: row.position,
    scope: row.scope,
    wouldDelete: Number(row.would_delete),
    standing: Number(row.standing),
    status: row.status,
    heldAt: row.held_at,
    ...(row.settled_by !== null && { settledBy: row.settled_by }),
  }));
}

/** Performs a held `t` in one transaction: floor, deletion, history, sessions. False when it is not waiting (any more). */
export async function approveHeld(warehouse: Warehouse, dataset: Dataset, id: string, by: string): Promise<boolean> {
  return warehouse.session(async (session) => {
    const effective = await ensureDataset(session, warehouse.dialect, dataset);
    await createStaging(session, warehouse.dialect, effective);
    try {
      return await transaction(session, async () => {
        await lockDataset(session, dataset.name);
        const settled = await session.run(
          `UPDATE ops.held SET status = 'approved', settled_at = clock_timestamp(), settled_by = $3 WHERE id = $1 AND dataset = $2 AND status = 'waiting'`,
          [id, dataset.name, by],
        );
        if (settled === 0) return false;
        await session.run(
          `INSERT INTO ops.floor (dataset, scope, position, depth, at, batch) SELECT dataset, scope, position, depth, at, batch FROM ops.held WHERE id = $1 ON CONFLICT DO NOTHING`,
          [id],
        );
        await session.run(
          `INSERT INTO ${CLEARS} (_n, _b, _position, depth, scope, fate) SELECT 0, 0, position, depth, scope, 'merged' FROM ops.held WHERE id = $1`,
          [id],
        );
        const relation = resolveRelation(effective, await readRawColumns(session, dataset.name));
        const context = { session, dialect: warehouse.dialect, relation, batchIds: [], rawIsEmpty: false };
        await createTouched(session, relation);
        const depths = Array.from({ length: effective.key.length + 1 }, (_, depth) => depth);
        await deleteBelow(context, depths, `${CLEARS} f`, 'true');
        await recomputeCleared(context);
        await recomputeSessions(session, relation, 'raw');
        return true;
      });
    } finally {
      await dropStaging(session).catch(() => undefined);
    }
  });
}

/** Gives a held `t` up. False when it is not waiting (any more). */
export async function discardHeld(warehouse: Warehouse, id: string, by: string): Promise<boolean> {
  const rows = await warehouse.query(
    `UPDATE ops.held SET status = 'discarded', settled_at = clock_timestamp(), settled_by = $2 WHERE id = $1 AND status = 'waiting' RETURNING id`,
    [id, by],
  );
  return rows.length > 0;
}
