import type { Report } from '@rollcall/reports';
import type { TestOutcome } from '@rollcall/reports/shown';
import type { Session, Warehouse } from '@rollcall/warehouse';
import { shownInputs, withheld, type Inputs, type ReportInput } from './input-states.js';
import type { HeldBack, Standing } from './report-book.js';

/** A report's revision and what its view reads. */
export interface Revision {
  readonly report: Report;
  readonly datasets: readonly string[];
  readonly reportsUnder: readonly string[];
}

/** A row of `ops.report`: what is served. */
export interface Served extends Revision {
  readonly inputs: Inputs;
  readonly refreshId: string;
  readonly asOf: string | null;
  readonly computedAt: string;
  /** Of the last refresh. */
  readonly seconds: number;
  readonly rows: number;
  readonly rowsChanged: number;
  readonly tests: readonly TestOutcome[];
  /** Inputs of the newer state that is held back. */
  readonly attempted: Inputs | null;
  readonly heldBack: HeldBack | null;
  readonly trace: string | null;
  readonly announced: boolean;
}

const INSTANT = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

const SELECT = `
SELECT definition, datasets, reports_under AS "reportsUnder", inputs, refresh_id AS "refreshId", ${INSTANT('as_of')} AS "asOf",
       ${INSTANT('computed_at')} AS "computedAt", seconds, rows::float8 AS rows, rows_changed::float8 AS "rowsChanged", tests, attempted,
       held_back_kind AS kind, ${INSTANT('held_back_since')} AS since, held_back_reason AS reason, trace, announced
FROM ops.report`;

interface Row extends Omit<Served, 'report' | 'heldBack'> {
  readonly definition: Report;
  readonly kind: HeldBack['kind'] | null;
  readonly since: string | null;
  readonly reason: string | null;
}

/** Single statements in the reading pool. */
export function reading(warehouse: Warehouse): Pick<Session, 'rows'> {
  return { rows: (text, values) => warehouse.query(text, values) };
}

/** All of them, by name. */
export async function readAllServed(session: Pick<Session, 'rows'>): Promise<readonly Served[]> {
  return (await session.rows<Row>(`${SELECT} ORDER BY report COLLATE "C"`)).map(servedOf);
}

export async function readServed(session: Pick<Session, 'rows'>, name: string): Promise<Served | undefined> {
  return (await session.rows<Row>(`${SELECT} WHERE report = $1`, [name])).map(servedOf)[0];
}

function servedOf({ definition, kind, since, reason, ...row }: Row): Served {
  const heldBack = kind === null || since === null || reason === null ? null : { kind, since, reason };
  return { ...row, report: definition, heldBack };
}

/** What reports bring to those that stand on them. */
export async function readReportInputs(
  session: Session,
  names: readonly string[],
): Promise<ReadonlyMap<string, ReportInput>> {
  const rows = await session.rows<{ report: string; refresh_id: string; inputs: Inputs }>(
    'SELECT report, refresh_id, inputs FROM ops.report WHERE report = ANY ($1) ORDER BY report',
    [names],
  );
  return new Map(rows.map(({ report, refresh_id, inputs }) => [report, { refreshId: refresh_id, inputs }]));
}

export type Refreshed = Pick<Served, 'inputs' | 'refreshId' | 'asOf' | 'seconds' | 'rows' | 'rowsChanged' | 'tests'> &
  Revision & { readonly trace?: string | undefined };

/** Writes a good state, in the transaction that made it. */
export async function writeServed(session: Session, state: Refreshed): Promise<void> {
  const { report } = state;
  await session.run(
    `INSERT INTO ops.report (report, revision, hash, definition, datasets, reports_under, inputs, refresh_id, as_of, computed_at, seconds,
       rows, rows_changed, tests, withheld, warn_after_seconds, fail_after_seconds, trace, announced)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp(), $10, $11, $12, $13, $14, $15, $16, $17, false)
     ON CONFLICT (report) DO UPDATE SET revision = excluded.revision, hash = excluded.hash, definition = excluded.definition,
       datasets = excluded.datasets, reports_under = excluded.reports_under, inputs = excluded.inputs, refresh_id = excluded.refresh_id,
       as_of = excluded.as_of, computed_at = excluded.computed_at, seconds = excluded.seconds, rows = excluded.rows,
       rows_changed = excluded.rows_changed, tests = excluded.tests, withheld = excluded.withheld,
       warn_after_seconds = excluded.warn_after_seconds, fail_after_seconds = excluded.fail_after_seconds, trace = excluded.trace,
       announced = false, attempted = NULL, held_back_kind = NULL, held_back_since = NULL, held_back_reason = NULL`,
    [
      report.name,
      report.revision,
      report.hash,
      JSON.stringify(report),
      state.datasets,
      state.reportsUnder,
      JSON.stringify(state.inputs),
      state.refreshId,
      state.asOf,
      state.seconds,
      state.rows,
      state.rowsChanged,
      JSON.stringify(state.tests),
      withheld(state.inputs),
      report.freshness?.warnAfterSeconds ?? null,
      report.freshness?.failAfterSeconds ?? null,
      state.trace ?? null,
    ],
  );
}

/**
 * Notes that a newer state is not served. The first reason's time stays as long as nothing newer can be served; a new refresh id is given
 * only where what people see becomes another. Returns whether it did.
 */
export async function writeHeldBack(
  session: Session,
  name: string,
  held: {
    readonly kind: HeldBack['kind'];
    readonly reason: string;
    readonly attempted: Inputs;
    readonly refreshId: string;
    readonly tests?: readonly TestOutcome[];
    readonly trace?: string | undefined;
  },
): Promise<boolean> {
  const told = await session.rows<{ announced: boolean }>(
    `UPDATE ops.report r SET attempted = $2, held_back_kind = $3, held_back_since = coalesce(r.held_back_since, clock_timestamp()), held_back_reason = $4,
       tests = coalesce($5::jsonb, r.tests), trace = $6,
       refresh_id = CASE WHEN seen.same THEN r.refresh_id ELSE $7 END, announced = CASE WHEN seen.same THEN r.announced ELSE false END
     FROM (SELECT report, held_back_kind IS NOT DISTINCT FROM $3 AND held_back_reason IS NOT DISTINCT FROM $4
             AND tests IS NOT DISTINCT FROM coalesce($5::jsonb, tests) AS same FROM ops.report WHERE report = $1 FOR UPDATE) seen
     WHERE r.report = seen.report RETURNING NOT seen.same AS announced`,
    [
      name,
      JSON.stringify(held.attempted),
      held.kind,
      held.reason,
      held.tests === undefined ? null : JSON.stringify(held.tests),
      held.trace ?? null,
      held.refreshId,
    ],
  );
  return told[0]?.announced === true;
}

/** Only when nothing newer has come meanwhile. */
export async function markAnnounced(session: Session, name: string, refreshId: string): Promise<void> {
  await session.run('UPDATE ops.report SET announced = true WHERE report = $1 AND refresh_id = $2', [name, refreshId]);
}

export function standingOf(served: Served, faults: readonly string[]): Standing {
  const { report, datasets, reportsUnder, refreshId, asOf, computedAt, rows, rowsChanged, tests, heldBack } = served;
  return {
    report,
    datasets,
    reportsUnder,
    refreshId,
    asOf,
    computedAt,
    rows,
    rowsChanged,
    tests,
    withheld: withheld(served.inputs),
    inputs: shownInputs(served.inputs),
    heldBack,
    faults,
  };
}
