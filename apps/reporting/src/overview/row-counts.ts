import { qualified } from '@rollcall/warehouse';
import type { Reading } from '../evidence/batch-facts.js';

export interface RowCount {
  readonly rows: number;
  /** The database's estimate: there are too many to count every time. */
  readonly isEstimate: boolean;
}

/** Up to here rows are counted. */
export const COUNTED_ROWS = 2_000_000;
/** A count may take a twentieth of the time, so that looking at the overview does not become the load. */
const PAUSE_PER_COUNT = 20;
/** Rows also change without a load: a held clear is approved. */
const COUNT_AGAIN_MS = 60_000;

interface Counted extends RowCount {
  readonly lastLoad: string | null;
  readonly atMs: number;
  readonly tookMs: number;
}

const ESTIMATES = `
SELECT n.dataset, c.reltuples::float8 AS estimate
FROM unnest($1::text[], $2::text[]) AS n (dataset, relation) LEFT JOIN pg_class c ON c.oid = to_regclass(n.relation)`;

/** How many rows stand in the warehouse: counted anew only after a load of the dataset. */
export class RowCounts {
  readonly #warehouse: Reading;
  readonly #nowMs: () => number;
  readonly #counted = new Map<string, Counted>();

  constructor(warehouse: Reading, nowMs: () => number = () => performance.now()) {
    this.#warehouse = warehouse;
    this.#nowMs = nowMs;
  }

  /** @param lastLoads id of the newest load by dataset; null: none */
  async read(lastLoads: ReadonlyMap<string, string | null>): Promise<ReadonlyMap<string, RowCount>> {
    const names = [...lastLoads.keys()];
    const estimates = await this.#warehouse.query<{ dataset: string; estimate: number | null }>(ESTIMATES, [
      names,
      names.map((name) => qualified('raw', name)),
    ]);
    const counts = new Map<string, RowCount>();
    for (const { dataset, estimate } of estimates) {
      const lastLoad = lastLoads.get(dataset) ?? null;
      if (estimate === null) counts.set(dataset, { rows: 0, isEstimate: false });
      else if (estimate > COUNTED_ROWS) counts.set(dataset, { rows: Math.round(estimate), isEstimate: true });
      else counts.set(dataset, await this.#count(dataset, lastLoad, estimate));
    }
    return counts;
  }

  async #count(dataset: string, lastLoad: string | null, estimate: number): Promise<RowCount> {
    const before = this.#counted.get(dataset);
    if (before && !this.#isDue(before, lastLoad)) return before;
    const startMs = this.#nowMs();
    // The database's own estimate may be missing or old: the count has an end all the same.
    const [row] = await this.#warehouse.query<{ count: string }>(
      `SELECT count(*) AS count FROM (SELECT FROM ${qualified('raw', dataset)} WHERE NOT _deleted LIMIT ${COUNTED_ROWS + 1}) counted`,
    );
    const rows = Number(row?.count ?? 0);
    const atMs = this.#nowMs();
    const counted = {
      rows: Math.max(rows, rows > COUNTED_ROWS ? Math.round(estimate) : 0),
      isEstimate: rows > COUNTED_ROWS,
      lastLoad,
      atMs,
      tookMs: atMs - startMs,
    };
    this.#counted.set(dataset, counted);
    return counted;
  }

  #isDue({ lastLoad: counted, atMs, tookMs }: Counted, lastLoad: string | null): boolean {
    const age = this.#nowMs() - atMs;
    return age >= tookMs * PAUSE_PER_COUNT && (counted !== lastLoad || age >= COUNT_AGAIN_MS);
  }
}
