import { range as rangeSchema, type LoadCounts, type Range } from '@rollcall/contracts';
import type { Warehouse } from '@rollcall/warehouse';

/** One statement at a time: what these queries need of a warehouse. */
export type Reading = Pick<Warehouse, 'query'>;

/** A batch as the ledger knows it, with its load. */
export interface BatchFacts {
  /** `ops.batch.id`: what `_batch_id` names. */
  readonly id: string;
  readonly batchId: string;
  readonly dataset: string;
  readonly lane: 'rows' | 'rejected';
  readonly key: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly contract: string;
  readonly range: Range;
  readonly origin: string;
  readonly source: string;
  readonly run: string | null;
  readonly trace: string | null;
  /** ISO 8601 in UTC with microseconds. */
  readonly extractedAt: string;
  readonly load: { readonly id: string; readonly loadedAt: string; readonly counts: LoadCounts };
}

interface BatchRow {
  readonly id: string;
  readonly batch_id: string;
  readonly dataset: string;
  readonly lane: 'rows' | 'rejected';
  readonly key: string;
  readonly rows: string;
  readonly bytes: string;
  readonly sha256: string;
  readonly contract: string;
  readonly range: unknown;
  readonly origin: string;
  readonly source: string;
  readonly run: string | null;
  readonly trace: string | null;
  readonly extracted_at: string;
  readonly load_id: string;
  readonly loaded_at: string;
  readonly counts: LoadCounts;
}

/** An instant as the API says it. */
export const instantText = (column: string): string =>
  `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const BATCHES = `
SELECT b.id, b.batch_id, b.dataset, b.lane, b.key, b.rows, b.bytes, b.sha256, b.contract, b.range, b.origin, b.source, b.run, b.trace,
       ${instantText('b.extracted_at')} AS extracted_at, l.load_id, ${instantText('l.loaded_at')} AS loaded_at, l.counts
FROM ops.batch b JOIN ops.load l ON l.load_id = b.load_id
WHERE b.id = ANY ($1::bigint[])`;

/** The batches of these ids, by id; one that is not in the ledger is left out. */
export async function readBatches(
  warehouse: Reading,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BatchFacts>> {
  const asked = [...new Set(ids)].filter(isLedgerId);
  if (asked.length === 0) return new Map();
  const rows = await warehouse.query<BatchRow>(BATCHES, [asked]);
  return new Map(rows.map((row) => [row.id, factsOf(row)]));
}

/** What people type is not always an id; a text that is none names no batch. */
export function isLedgerId(text: string): boolean {
  return /^[1-9]\d{0,17}$/.test(text);
}

function factsOf(row: BatchRow): BatchFacts {
  const { batch_id: batchId, extracted_at: extractedAt, load_id, loaded_at, counts, ...same } = row;
  return {
    ...same,
    batchId,
    extractedAt,
    rows: Number(row.rows),
    bytes: Number(row.bytes),
    range: rangeSchema.parse(row.range),
    load: { id: load_id, loadedAt: loaded_at, counts },
  };
}
