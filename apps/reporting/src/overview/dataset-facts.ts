import type { LoadCounts } from '@rollcall/contracts';
import { instantText, type Reading } from '../evidence/batch-facts.js';

export interface LoadFacts {
  readonly loadId: string;
  readonly loadedAt: string;
  readonly counts: LoadCounts;
}

/** What the ledger says of a dataset beside its totals. */
export interface DatasetFacts {
  readonly dataset: string;
  /** Open entries. */
  readonly quarantined: number;
  /** Clears that wait for an operator. */
  readonly held: number;
  /** The newest first, at most 10. */
  readonly loads: readonly LoadFacts[];
}

const FACTS = `
SELECT n.dataset,
  (SELECT count(*) FROM ops.quarantine q WHERE q.dataset = n.dataset AND q.status = 'open') AS quarantined,
  (SELECT count(*) FROM ops.held h WHERE h.dataset = n.dataset AND h.status = 'waiting') AS held,
  (SELECT coalesce(jsonb_agg(l ORDER BY l."loadedAt" DESC, l."loadId"), '[]') FROM (
    SELECT load_id AS "loadId", ${instantText('loaded_at')} AS "loadedAt", counts
    FROM ops.load WHERE dataset = n.dataset ORDER BY loaded_at DESC, load_id LIMIT 10
  ) l) AS loads
FROM unnest($1::text[]) WITH ORDINALITY AS n (dataset, place) ORDER BY n.place`;

/** One statement for all datasets, in their order. */
export async function readDatasetFacts(
  warehouse: Reading,
  datasets: readonly string[],
): Promise<readonly DatasetFacts[]> {
  const rows = await warehouse.query<{
    dataset: string;
    quarantined: string;
    held: string;
    loads: readonly LoadFacts[];
  }>(FACTS, [datasets]);
  return rows.map((row) => ({ ...row, quarantined: Number(row.quarantined), held: Number(row.held) }));
}
