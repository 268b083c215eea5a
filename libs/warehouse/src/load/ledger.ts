import type { Dataset } from '@rollcall/catalog';
import type { BatchWritten, LoadCounts } from '@rollcall/contracts';
import { RollcallError } from '@rollcall/kernel';
import { sqlState } from '../classify-warehouse-error.js';
import type { Session, Warehouse } from '../open-warehouse.js';
import type { CommittedLoad } from './loading.js';
import type { LedgerFacts } from './plan-batches.js';

/** Whether a batch stands in the ledger: its rows are in the warehouse, or in quarantine, or held. */
export async function isLoaded(warehouse: Warehouse, batchId: string): Promise<boolean> {
  return (await warehouse.query('SELECT 1 FROM ops.batch WHERE batch_id = $1', [batchId])).length > 0;
}

/** Those of the datasets that have had a load. */
export async function begunDatasets(warehouse: Warehouse, datasets: readonly string[]): Promise<ReadonlySet<string>> {
  const found = await warehouse.query<{ dataset: string }>(
    'SELECT dataset FROM unnest($1::text[]) d (dataset) WHERE EXISTS (SELECT FROM ops.load l WHERE l.dataset = d.dataset)',
    [datasets],
  );
  return new Set(found.map(({ dataset }) => dataset));
}

export async function readFacts(session: Session, dataset: string, ids: readonly string[]): Promise<LedgerFacts> {
  const loaded = await session.rows<{ batch_id: string }>('SELECT batch_id FROM ops.batch WHERE batch_id = ANY ($1)', [
    ids,
  ]);
  const chain = await session.rows<{ epoch: string; position: string }>(
    'SELECT epoch, position FROM ops.chain WHERE dataset = $1',
    [dataset],
  );
  return {
    loaded: new Set(loaded.map((row) => row.batch_id)),
    chain: new Map(chain.map((row) => [row.epoch, row.position])),
  };
}

/** Writes the batches that are not in the ledger yet, and only says which these are: batch id -> ledger id. */
export async function writeLedger(
  session: Session,
  loadId: string,
  batches: readonly BatchWritten[],
): Promise<ReadonlyMap<string, string>> {
  const rows = await session.rows<{ id: string; batch_id: string }>(
    `INSERT INTO ops.batch (batch_id, dataset, lane, key, rows, bytes, sha256, contract, range, origin, source, run, trace, extracted_at, load_id)
     SELECT b."batchId", b.dataset, b.lane, b.key, b.rows, b.bytes, b.sha256, b.contract, b.range, b.origin, b.source, b.run, b.trace, b."extractedAt", $2
     FROM jsonb_to_recordset($1) AS b ("batchId" text, dataset text, lane text, key text, rows bigint, bytes bigint, sha256 text, contract text,
       range jsonb, origin text, source text, run text, trace text, "extractedAt" timestamptz)
     ON CONFLICT (batch_id) DO NOTHING RETURNING id, batch_id`,
    [JSON.stringify(batches), loadId],
  );
  return new Map(rows.map((row) => [row.batch_id, row.id]));
}

export async function moveChain(session: Session, dataset: string, chain: ReadonlyMap<string, string>): Promise<void> {
  for (const [epoch, position] of chain) {
    await session.run(
      `INSERT INTO ops.chain (dataset, epoch, position) VALUES ($1, $2, $3)
       ON CONFLICT (dataset, epoch) DO UPDATE SET position = excluded.position WHERE excluded.position > ops.chain.position`,
      [dataset, epoch, position],
    );
  }
}

/** How far batches of a database have spoken of their columns. */
export async function noteNewest(
  session: Session,
  { name, kind }: Dataset,
  batches: readonly BatchWritten[],
): Promise<void> {
  const newest =
    batches
      .map(({ lane, lastPosition }) => (lane === 'rows' ? (lastPosition ?? '') : ''))
      .sort()
      .at(-1) ?? '';
  if (kind !== 'postgres' || newest === '') return;
  await session.run('UPDATE ops.relation SET newest = $2 WHERE dataset = $1 AND (newest IS NULL OR newest < $2)', [
    name,
    newest,
  ]);
}

/**
 * Writes the load. `in` is what the ledger says was announced, not what was counted on the way, and the table's constraint holds the equation.
 * Throws load/unbalanced, and the transaction with it.
 */
export async function writeLoad(
  session: Session,
  load: {
    readonly loadId: string;
    readonly dataset: string;
    readonly touched: readonly string[];
    readonly trace?: string | undefined;
  },
  counts: Omit<LoadCounts, 'in'>,
): Promise<void> {
  try {
    await session.run(
      `INSERT INTO ops.load (load_id, dataset, counts, touched, trace, loaded_at)
       SELECT $1, $2, jsonb_build_object('in', (SELECT coalesce(sum(rows), 0)::bigint FROM ops.batch WHERE load_id = $1)) || $3::jsonb, $4, $5, clock_timestamp()`,
      [load.loadId, load.dataset, JSON.stringify(counts), load.touched, load.trace ?? null],
    );
  } catch (error) {
    if (sqlState(error) !== '23514') throw error;
    throw new RollcallError(
      'load/unbalanced',
      `${load.dataset}: load ${load.loadId}: rows in are not rows accounted for (${JSON.stringify(counts)}); nothing was loaded`,
      { cause: error },
    );
  }
}

const LOADS = `
SELECT l.load_id, l.dataset, l.counts, l.touched, l.trace,
       to_char(l.loaded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS loaded_at,
       (SELECT array_agg(b.batch_id ORDER BY b.id) FROM ops.batch b WHERE b.load_id = l.load_id) AS batch_ids
FROM ops.load l
WHERE l.load_id IN (SELECT load_id FROM ops.batch WHERE batch_id = ANY ($1))
ORDER BY l.loaded_at, l.load_id`;

/** The loads that hold any of these batches. */
export async function readLoads(session: Session, batchIds: readonly string[]): Promise<readonly CommittedLoad[]> {
  if (batchIds.length === 0) return [];
  const rows = await session.rows<{
    load_id: string;
    dataset: string;
    counts: LoadCounts;
    touched: readonly string[];
    trace: string | null;
    loaded_at: string;
    batch_ids: readonly string[];
  }>(LOADS, [batchIds]);
  return rows.map((row) => ({
    loadId: row.load_id,
    dataset: row.dataset,
    batchIds: row.batch_ids,
    counts: row.counts,
    touched: row.touched,
    loadedAt: row.loaded_at,
    ...(row.trace !== null && { trace: row.trace }),
  }));
}
