import { instantText, type Reading } from '../evidence/batch-facts.js';

/** What the ledger holds of a dataset, both lanes together: what `in` of its loads adds up to. */
export interface LedgerTotal {
  readonly batches: number;
  readonly rows: number;
  /** Of the objects in the lake. */
  readonly bytes: number;
  /** ISO 8601 in UTC; null: no batch. */
  readonly newestExtractAt: string | null;
}

interface TotalRow {
  readonly dataset: string;
  readonly batches: string;
  readonly rows: string;
  readonly bytes: string;
  readonly newest: string | null;
  readonly first: string;
}

const TOTALS = `
SELECT dataset, count(*) AS batches, sum(rows) AS rows, sum(bytes) AS bytes, ${instantText('max(extracted_at)')} AS newest, min(id) AS first
FROM ops.batch WHERE id > $1::bigint AND id <= $2::bigint GROUP BY dataset`;

/** A batch of a load this old. Loads take minutes at the very most, so no batch with a lower number is still to be committed. */
const SETTLED = `
SELECT coalesce(max(b.id), 0)::text AS id
FROM unnest($1::text[]) AS n (dataset)
CROSS JOIN LATERAL (
  SELECT load_id FROM ops.load l WHERE l.dataset = n.dataset AND l.loaded_at < clock_timestamp() - interval '1 hour' ORDER BY l.loaded_at DESC LIMIT 1
) l JOIN ops.batch b ON b.load_id = l.load_id`;

const FOLD_EVERY_MS = 600_000;
const NO_END = '9223372036854775807';

/**
 * Totals over a ledger that grows by a row per batch. What is settled is added up once and kept; a look at the totals reads the batches
 * of the last hour alone. A number is given to a batch before its load commits, so a mark at the highest one seen would miss batches of
 * loads that commit later: the mark stays an hour behind.
 */
export class LedgerTotals {
  readonly #warehouse: Reading;
  readonly #datasets: readonly string[];
  readonly #nowMs: () => number;
  #settled = '0';
  #foldedMs: number | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #kept = new Map<string, LedgerTotal>();
  /** A settled batch of each dataset. When one is gone, its dataset was reset to be rebuilt, and what is kept is wrong. */
  readonly #witnesses = new Map<string, string>();

  constructor(warehouse: Reading, datasets: readonly string[], nowMs: () => number = () => performance.now()) {
    this.#warehouse = warehouse;
    this.#datasets = datasets;
    this.#nowMs = nowMs;
  }

  /** By dataset; one without a batch is left out. */
  read(): Promise<ReadonlyMap<string, LedgerTotal>> {
    // One after the other: two at once would both add what is settled.
    const reading = this.#last.then(() => this.#read());
    this.#last = reading.catch(() => undefined);
    return reading;
  }

  async #read(): Promise<ReadonlyMap<string, LedgerTotal>> {
    if (!(await this.#witnessesStand())) this.#forget();
    if (this.#foldedMs === undefined || this.#nowMs() - this.#foldedMs >= FOLD_EVERY_MS) await this.#fold();
    const totals = new Map(this.#kept);
    for (const row of await this.#totals(this.#settled, NO_END)) add(totals, row);
    return totals;
  }

  async #fold(): Promise<void> {
    const [found] = await this.#warehouse.query<{ id: string }>(SETTLED, [this.#datasets]);
    const settled = found?.id ?? '0';
    const rows = BigInt(settled) > BigInt(this.#settled) ? await this.#totals(this.#settled, settled) : [];
    for (const row of rows) {
      add(this.#kept, row);
      if (!this.#witnesses.has(row.dataset)) this.#witnesses.set(row.dataset, row.first);
    }
    if (rows.length > 0) this.#settled = settled;
    this.#foldedMs = this.#nowMs();
  }

  #totals(after: string, to: string): Promise<readonly TotalRow[]> {
    return this.#warehouse.query<TotalRow>(TOTALS, [after, to]);
  }

  async #witnessesStand(): Promise<boolean> {
    const ids = [...this.#witnesses.values()];
    if (ids.length === 0) return true;
    const [row] = await this.#warehouse.query<{ count: string }>(
      'SELECT count(*) AS count FROM ops.batch WHERE id = ANY ($1::bigint[])',
      [ids],
    );
    return Number(row?.count) === ids.length;
  }

  #forget(): void {
    this.#settled = '0';
    this.#foldedMs = undefined;
    this.#kept.clear();
    this.#witnesses.clear();
  }
}

function add(totals: Map<string, LedgerTotal>, row: TotalRow): void {
  const before = totals.get(row.dataset);
  totals.set(row.dataset, {
    batches: (before?.batches ?? 0) + Number(row.batches),
    rows: (before?.rows ?? 0) + Number(row.rows),
    bytes: (before?.bytes ?? 0) + Number(row.bytes),
    newestExtractAt: newer(before?.newestExtractAt ?? null, row.newest),
  });
}

/** ISO texts of one form compare as the instants do. */
function newer(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a > b ? a : b;
}
