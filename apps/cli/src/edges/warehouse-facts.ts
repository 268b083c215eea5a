import { openWarehouse, qualified, type Warehouse } from '@rollcall/warehouse';

/** What the ledger and the tables say of one dataset. Counts are exact up to 2^53. */
export interface WarehouseFacts {
  readonly dataset: string;
  readonly batches: number;
  /** Records in the batches loaded, lane `rows`. */
  readonly loadedRecords: number;
  /** ISO 8601 in UTC with microseconds; absent before the first load. */
  readonly lastLoadedAt?: string;
  /** Rows of analytics.<dataset>. */
  readonly rows: number;
  /** Open entries. */
  readonly quarantined: number;
  /** Clears that wait for an operator. */
  readonly held: number;
}

/** A warehouse for reading, named as what it is in pg_stat_activity. */
export function openForReading(url: string): Warehouse {
  return openWarehouse(url, { applicationName: 'rollcall cli', maxConnections: 2 });
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

interface LedgerRow {
  readonly dataset: string;
  readonly batches: string;
  readonly records: string;
  readonly last_loaded_at: string | null;
  readonly quarantined: string;
  readonly held: string;
}

const LEDGER = `
SELECT n.dataset,
  (SELECT count(*) FROM ops.batch b WHERE b.dataset = n.dataset) AS batches,
  (SELECT coalesce(sum(b.rows), 0) FROM ops.batch b WHERE b.dataset = n.dataset AND b.lane = 'rows') AS records,
  (SELECT to_char(max(l.loaded_at) AT TIME ZONE 'UTC', ${ISO}) FROM ops.load l WHERE l.dataset = n.dataset) AS last_loaded_at,
  (SELECT count(*) FROM ops.quarantine q WHERE q.dataset = n.dataset AND q.status = 'open') AS quarantined,
  (SELECT count(*) FROM ops.held h WHERE h.dataset = n.dataset AND h.status = 'waiting') AS held
FROM unnest($1::text[]) WITH ORDINALITY AS n (dataset, place) ORDER BY n.place`;

/** The facts of the datasets named, in that order. Throws RollcallError `warehouse/*`. */
export async function warehouseFacts(
  warehouse: Warehouse,
  datasets: readonly string[],
): Promise<readonly WarehouseFacts[]> {
  const rows = await warehouse.query<LedgerRow>(LEDGER, [datasets]);
  return Promise.all(
    rows.map(async (row) => ({
      dataset: row.dataset,
      batches: Number(row.batches),
      loadedRecords: Number(row.records),
      ...(row.last_loaded_at !== null && { lastLoadedAt: row.last_loaded_at }),
      rows: await countRows(warehouse, 'analytics', row.dataset),
      quarantined: Number(row.quarantined),
      held: Number(row.held),
    })),
  );
}

/** Rows of a relation that may not be there yet: then none. `where` is a condition of ours with its values. */
export async function countRows(
  warehouse: Warehouse,
  schema: string,
  relation: string,
  where = 'true',
  values: readonly unknown[] = [],
): Promise<number> {
  const name = qualified(schema, relation);
  const [found] = await warehouse.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [name]);
  if (!found?.there) return 0;
  const [row] = await warehouse.query<{ count: string }>(
    `SELECT count(*) AS count FROM ${name} WHERE ${where}`,
    values,
  );
  return Number(row?.count ?? 0);
}
