import type { QuarantineAnswer } from '@rollcall/reports/shown';
import { listHeld, type Warehouse } from '@rollcall/warehouse';
import type { ReportBook } from '../engine/report-book.js';
import { instantText } from '../evidence/batch-facts.js';
import type { QuarantineQuery } from './quarantine-query.js';

/** Reasons are closed sets of words; columns are the contract's. */
const MAX_GROUPS = 500;

const GROUPS = `
SELECT dataset, reason, "column", count(*) AS open, count(*) FILTER (WHERE loaded_at >= clock_timestamp() - interval '24 hours') AS last24h,
       ${instantText('max(loaded_at)')} AS newest_at
FROM ops.quarantine WHERE status = 'open' GROUP BY dataset, reason, "column"
ORDER BY count(*) DESC, dataset, reason, "column" LIMIT ${MAX_GROUPS}`;

const MATCHES = `($1::text IS NULL OR q.dataset = $1) AND ($2::text IS NULL OR q.reason = $2) AND ($3::text IS NULL OR q.status = $3)`;

const TOTAL = `SELECT count(*) AS total FROM ops.quarantine q WHERE ${MATCHES}`;

/** Places and reasons alone: neither bytes nor values of a record leave the database. */
const ENTRIES = `
SELECT q.id, q.dataset, q.reason, q."column", q.place, q.lane, b.origin, q.batch, ${instantText('q.loaded_at')} AS loaded_at, q.status, q.tries,
       q.sealed IS NOT NULL AS sealed
FROM ops.quarantine q JOIN ops.batch b ON b.id = q.batch
WHERE ${MATCHES} AND ($4::bigint IS NULL OR q.id < $4) ORDER BY q.id DESC LIMIT $5`;

interface GroupRow {
  readonly dataset: string;
  readonly reason: string;
  readonly column: string | null;
  readonly open: string;
  readonly last24h: string;
  readonly newest_at: string;
}

type Entry = QuarantineAnswer['entries'][number];
type EntryRow = Omit<Entry, 'loadedAt'> & { readonly loaded_at: string };

/** What waits: records that are not in the warehouse, and clears that somebody must look at first. */
export class Quarantine {
  readonly #warehouse: Warehouse;
  readonly #book: Pick<ReportBook, 'list'>;

  constructor(warehouse: Warehouse, book: Pick<ReportBook, 'list'>) {
    this.#warehouse = warehouse;
    this.#book = book;
  }

  async answer(query: QuarantineQuery): Promise<QuarantineAnswer> {
    const { dataset, reason, status, after, limit } = query;
    const match = [dataset, reason, status === 'all' ? null : status];
    const [groups, totals, rows, held] = await Promise.all([
      this.#warehouse.query<GroupRow>(GROUPS),
      this.#warehouse.query<{ total: string }>(TOTAL, match),
      this.#warehouse.query<EntryRow>(ENTRIES, [...match, after, limit + 1]),
      listHeld(this.#warehouse, { status: 'waiting', ...(dataset !== null && { dataset }) }),
    ]);
    const page = rows.slice(0, limit);
    return {
      groups: groups.map(({ newest_at, ...group }) => ({
        ...group,
        open: Number(group.open),
        last24h: Number(group.last24h),
        newestAt: newest_at,
        reports: this.#reportsOn(group.dataset),
      })),
      total: Number(totals[0]?.total ?? 0),
      entries: page.map(({ loaded_at, ...entry }) => ({ ...entry, loadedAt: loaded_at })),
      next: rows.length > limit ? (page.at(-1)?.id ?? null) : null,
      held: held.map(({ id, dataset: of, scope, wouldDelete, standing, heldAt }) => ({
        id,
        dataset: of,
        // The values of the scope are somebody's key: they stay in the database.
        wholeDataset: scope === '[]',
        wouldDelete,
        standing,
        heldAt,
      })),
    };
  }

  #reportsOn(dataset: string): readonly string[] {
    return this.#book.list().flatMap(({ report, datasets }) => (datasets.includes(dataset) ? [report.name] : []));
  }
}
