import type { Warehouse } from '../open-warehouse.js';

/** A record that is not in raw. */
export interface QuarantineEntry {
  readonly id: string;
  readonly dataset: string;
  readonly batchId: string;
  /** The object in the lake that holds it. */
  readonly lakeKey: string;
  /** `rejected`: never became a row, its bytes may be sealed here. `rows`: a row of the lake that the contract refused. */
  readonly lane: 'rows' | 'rejected';
  readonly position: string;
  readonly reason: string;
  readonly place: string;
  readonly column?: string;
  /** Version of the contract it was read under. */
  readonly contract: string;
  /** Bytes of the original record. */
  readonly length?: number;
  readonly format?: 'csv' | 'json';
  /** JSON array of the CSV header. */
  readonly header?: string;
  readonly status: 'open' | 'replayed' | 'discarded';
  readonly tries: number;
  readonly loadedAt: string;
  readonly settledBy?: string;
}

export interface QuarantineFilter {
  readonly dataset?: string;
  readonly reason?: string;
  readonly status?: QuarantineEntry['status'];
  readonly lane?: QuarantineEntry['lane'];
  /** Loaded at or after this instant, ISO 8601. */
  readonly since?: string;
  readonly ids?: readonly string[];
  /** Entries behind this id: for paging. */
  readonly after?: string;
  /** Default 1,000. */
  readonly limit?: number;
}

const ENTRY = `
SELECT q.id, q.dataset, b.batch_id, b.key, q.lane, q.position, q.reason, q.place, q."column", q.contract, q.length, q.format, q.header,
       q.status, q.tries, to_char(q.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS loaded_at, q.settled_by
FROM ops.quarantine q JOIN ops.batch b ON b.id = q.batch`;

/** Entries in the order they came. */
export async function listQuarantine(
  warehouse: Warehouse,
  filter: QuarantineFilter = {},
): Promise<readonly QuarantineEntry[]> {
  const rows = await warehouse.query<EntryRow>(
    `${ENTRY}
     WHERE ($1::text IS NULL OR q.dataset = $1) AND ($2::text IS NULL OR q.reason = $2) AND ($3::text IS NULL OR q.status = $3)
       AND ($4::text IS NULL OR q.lane = $4) AND ($5::timestamptz IS NULL OR q.loaded_at >= $5) AND ($6::bigint[] IS NULL OR q.id = ANY ($6))
       AND ($7::bigint IS NULL OR q.id > $7)
     ORDER BY q.id LIMIT $8`,
    [
      filter.dataset ?? null,
      filter.reason ?? null,
      filter.status ?? null,
      filter.lane ?? null,
      filter.since ?? null,
      filter.ids === undefined ? null : filter.ids.filter(isId),
      filter.after ?? null,
      filter.limit ?? 1_000,
    ],
  );
  return rows.map(entryOf);
}

/** One entry with its sealed bytes (sealing context `<dataset>:<position>`); undefined when there is none. */
export async function showQuarantine(
  warehouse: Warehouse,
  id: string,
): Promise<(QuarantineEntry & { readonly sealed?: Uint8Array }) | undefined> {
  const [entry] = await listQuarantine(warehouse, { ids: [id] });
  if (entry === undefined) return undefined;
  const [row] = await warehouse.query<{ sealed: Uint8Array | null }>(
    'SELECT sealed FROM ops.quarantine WHERE id = $1',
    [id],
  );
  return row === undefined || row.sealed === null ? entry : { ...entry, sealed: row.sealed };
}

/** Settles open entries; settled ones stay as they are, so that doing it twice is doing it once. Returns how many changed. */
export async function settleQuarantine(
  warehouse: Warehouse,
  ids: readonly string[],
  status: 'replayed' | 'discarded',
  by: string,
): Promise<number> {
  const rows = await warehouse.query(
    `UPDATE ops.quarantine SET status = $2, settled_at = clock_timestamp(), settled_by = $3
     WHERE id = ANY ($1::bigint[]) AND status = 'open' RETURNING id`,
    [ids.filter(isId), status, by],
  );
  return rows.length;
}

interface EntryRow {
  readonly id: string;
  readonly dataset: string;
  readonly batch_id: string;
  readonly key: string;
  readonly lane: QuarantineEntry['lane'];
  readonly position: string;
  readonly reason: string;
  readonly place: string;
  readonly column: string | null;
  readonly contract: string;
  readonly length: number | null;
  readonly format: 'csv' | 'json' | null;
  readonly header: string | null;
  readonly status: QuarantineEntry['status'];
  readonly tries: number;
  readonly loaded_at: string;
  readonly settled_by: string | null;
}

function entryOf(row: EntryRow): QuarantineEntry {
  return {
    id: row.id,
    dataset: row.dataset,
    batchId: row.batch_id,
    lakeKey: row.key,
    lane: row.lane,
    position: row.position,
    reason: row.reason,
    place: row.place,
    ...(row.column !== null && { column: row.column }),
    contract: row.contract,
    ...(row.length !== null && { length: row.length }),
    ...(row.format !== null && { format: row.format }),
    ...(row.header !== null && { header: row.header }),
    status: row.status,
    tries: row.tries,
    loadedAt: row.loaded_at,
    ...(row.settled_by !== null && { settledBy: row.settled_by }),
  };
}

/** What people type is not always an id; a text that is none names no entry. */
function isId(text: string): boolean {
  return /^\d{1,18}$/.test(text);
}
