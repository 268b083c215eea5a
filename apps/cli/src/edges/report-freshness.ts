import type { Warehouse } from '@rollcall/warehouse';

/** What `report.freshness` says of a report that is served. Instants are ISO 8601 in UTC with microseconds. */
export interface ReportFreshness {
  readonly report: string;
  readonly title: string;
  readonly revision: number;
  /** fresh, late, stale, unbounded, empty, held back. */
  readonly state: string;
  readonly rows: number;
  /** Absent: nothing of its inputs has arrived. */
  readonly asOf?: string;
  readonly ageSeconds?: number;
  readonly computedAt: string;
  readonly withheld: number;
  readonly testsFailed: number;
  readonly heldBackReason?: string;
}

interface FreshnessRow {
  readonly report: string;
  readonly title: string;
  readonly revision: number;
  readonly state: string;
  readonly rows: string;
  readonly as_of: string | null;
  readonly age_seconds: string | null;
  readonly computed_at: string;
  readonly withheld: string;
  readonly tests_failed: string;
  readonly held_back_reason: string | null;
}

const ISO = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

const FRESHNESS = `
SELECT report, title, revision, state, rows, to_char(as_of AT TIME ZONE 'UTC', ${ISO}) AS as_of, age_seconds,
       to_char(computed_at AT TIME ZONE 'UTC', ${ISO}) AS computed_at, withheld, tests_failed, held_back_reason
FROM report.freshness ORDER BY report`;

/** One entry a report that is served, by name. Throws RollcallError `warehouse/*`. */
export async function reportFreshness(warehouse: Warehouse): Promise<readonly ReportFreshness[]> {
  const rows = await warehouse.query<FreshnessRow>(FRESHNESS);
  return rows.map((row) => ({
    report: row.report,
    title: row.title,
    revision: row.revision,
    state: row.state,
    rows: Number(row.rows),
    ...(row.as_of !== null && { asOf: row.as_of }),
    ...(row.age_seconds !== null && { ageSeconds: Number(row.age_seconds) }),
    computedAt: row.computed_at,
    withheld: Number(row.withheld),
    testsFailed: Number(row.tests_failed),
    ...(row.held_back_reason !== null && { heldBackReason: row.held_back_reason }),
  }));
}
