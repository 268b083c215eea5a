import type { RollcallError } from '@rollcall/kernel';
import type { Report } from '@rollcall/reports';
import { transaction, type Session, type Warehouse } from '@rollcall/warehouse';
import { asOf, inputsOf, readDatasetInputs, sameInputs, type Inputs } from './input-states.js';
import {
  readReportInputs,
  readServed,
  writeHeldBack,
  writeServed,
  type Refreshed,
  type Revision,
  type Served,
} from './ops-report.js';
import { describeView, publishView, viewStands } from './publish-view.js';
import { behind, computed, deleteGone, NEXT, storedColumns, storeOf, upsertChanged } from './report-sql.js';
import { holdReason, runTests } from './report-tests.js';
import { buildStore, ensureIndexes, fitsStore, nextStoreOf, takeStore } from './stored-table.js';
import { lockKeyOf } from './report-lock.js';
import { isReportFailure, placing, viewFailure } from './view-failure.js';

const WORK_MEMORY = '64MB';

/** Where a test may let the process die. `computed`: nothing is written yet; `applied`: committed, not announced; `announced`: said. */
export const REFRESH_EFFECTS = ['computed', 'applied', 'announced'] as const;
export type RefreshEffect = (typeof REFRESH_EFFECTS)[number];

export interface RefreshOptions {
  readonly refreshId: string;
  readonly trace?: string | undefined;
  /** Also when nothing is new since the last try. */
  readonly force?: boolean;
  readonly onEffect?: ((effect: RefreshEffect) => Promise<void>) | undefined;
}

export type RefreshResult =
  /** Served is what can be served of this revision and these inputs. */
  | { readonly kind: 'current'; readonly served: Served }
  | { readonly kind: 'refreshed'; readonly served: Served }
  /** The newer state is not served; `served`: what is, undefined where this revision was never served. `told`: people see another picture. */
  | { readonly kind: 'held'; readonly reason: string; readonly served: Served | undefined; readonly told: boolean }
  | {
      readonly kind: 'failed';
      readonly error: RollcallError;
      readonly served: Served | undefined;
      readonly told: boolean;
    }
  /** Another engine is at it. */
  | { readonly kind: 'busy' };

/**
 * Computes a revision of a report and serves it, or says why not: one transaction, on one snapshot of its inputs. Idempotent: nothing new, nothing
 * done. Several engines may try at once. Readers see the old state until the commit and are not kept waiting: rows change by difference, and
 * where columns change, a new table is built beside the old one.
 * Throws RollcallError `warehouse/*` for outages, locks and rights; then nothing has changed.
 */
export async function refreshReport(
  warehouse: Warehouse,
  revision: Revision,
  options: RefreshOptions,
): Promise<RefreshResult> {
  const { name } = revision.report;
  return warehouse.session(async (session) => {
    // Before the transaction: its snapshot must not be older than the last refresh of another engine.
    const key = lockKeyOf(name);
    const [lock] = await session.rows<{ mine: boolean }>('SELECT pg_try_advisory_lock($1, $2) AS mine', key);
    if (lock?.mine !== true) return { kind: 'busy' };
    try {
      return await refreshLocked(session, revision, options);
    } finally {
      // A connection that broke has given the lock back already.
      await session.run('SELECT pg_advisory_unlock($1, $2)', key).catch(() => undefined);
    }
  });
}

async function refreshLocked(session: Session, revision: Revision, options: RefreshOptions): Promise<RefreshResult> {
  const { name, hash } = revision.report;
  let inputs: Inputs | undefined;
  try {
    const result = await onSnapshot(session, async () => {
      const standing = await readServed(session, name);
      inputs = await readInputs(session, revision);
      const known = standing?.report.hash === hash ? (standing.attempted ?? standing.inputs) : undefined;
      if (known !== undefined && standing !== undefined && options.force !== true && sameInputs(known, inputs))
        return { kind: 'current', served: standing } as const;
      const isNew = standing?.report.hash !== hash || !(await viewStands(session, name));
      await serve(session, { revision, standing, inputs, options, isNew });
      return { kind: 'refreshed' } as const;
    });
    if (result.kind === 'current') return result;
  } catch (error) {
    const failure = error instanceof StateHeld ? error : viewFailure(revision.report, error);
    if (!(failure instanceof StateHeld) && !isReportFailure(failure)) throw failure;
    return await noteHeld(session, revision, options, inputs, failure);
  }
  await options.onEffect?.('applied');
  const served = await readServed(session, name);
  if (served === undefined) throw new Error(`${name}: refreshed, and then it is not there`);
  return { kind: 'refreshed', served };
}

async function onSnapshot<T>(session: Session, act: () => Promise<T>): Promise<T> {
  return transaction(session, async () => {
    await session.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    // A report sorts and groups whole datasets: in memory it takes half the time.
    await session.run(`SET LOCAL work_mem = '${WORK_MEMORY}'`);
    return act();
  });
}

async function readInputs(session: Session, { datasets, reportsUnder }: Revision): Promise<Inputs> {
  const under = await readReportInputs(session, reportsUnder);
  return inputsOf(datasets, await readDatasetInputs(session, datasets), under);
}

/** Ends the transaction of a state that must not be served. */
class StateHeld extends Error {
  readonly reason: string;
  readonly tests: Refreshed['tests'];

  constructor(reason: string, tests: Refreshed['tests']) {
    super(reason);
    this.reason = reason;
    this.tests = tests;
  }
}

interface Serving {
  readonly revision: Revision;
  readonly standing: Served | undefined;
  readonly inputs: Inputs;
  readonly options: RefreshOptions;
  /** The view is to be made: another revision, or it was taken away with something it read. */
  readonly isNew: boolean;
}

async function serve(session: Session, serving: Serving): Promise<void> {
  const { revision, inputs, options, isNew } = serving;
  const { report } = revision;
  const started = performance.now();
  const counts = report.materialize ? await applyDifference(session, serving) : await checkView(session, serving);
  if (isNew) await describeView(session, report);
  const seconds = (performance.now() - started) / 1000;
  const { refreshId, trace } = options;
  await writeServed(session, { ...revision, ...counts, inputs, refreshId, trace, asOf: asOf(inputs), seconds });
}

const STATE = 'pg_temp.rollcall_state';

type Counts = Pick<Refreshed, 'rows' | 'rowsChanged' | 'tests'>;

/** A stored report: computed beside, tested there, then the difference is applied. */
async function applyDifference(session: Session, { revision, standing, options, isNew }: Serving): Promise<Counts> {
  const { report } = revision;
  const statement = behind(`CREATE TEMP TABLE rollcall_next ON COMMIT DROP AS `, computed(report));
  const rows = await placing(report, statement, () => session.run(statement.text));
  await session.run(`ANALYZE ${NEXT}`);
  await options.onEffect?.('computed');
  const tests = await runTests(session, report, NEXT);
  const reason = holdReason(tests);
  if (reason !== undefined) throw new StateHeld(reason, tests);
  const store = storeOf(report.name);
  const isStored = standing?.report.materialize === true;
  if (isStored && (await fitsStore(session, report))) {
    const gone = await session.run(deleteGone(report, store));
    const written = await session.run(upsertChanged(report, store));
    if (isNew) await ensureIndexes(session, report, store, options.refreshId);
    if (gone + written > rows / 5) await session.run(`ANALYZE ${store}`);
    if (isNew) await pointAt(session, report, store);
    return { rows, rowsChanged: gone + written, tests };
  }
  await buildStore(session, report, options.refreshId);
  await session.run(`ANALYZE ${nextStoreOf(report.name)}`);
  await pointAt(session, report, nextStoreOf(report.name));
  await takeStore(session, report.name);
  return { rows, rowsChanged: rows, tests };
}

async function pointAt(session: Session, report: Report, table: string): Promise<void> {
  await publishView(session, report, `SELECT ${storedColumns(report)} FROM ${table}`);
}

/** A plain view shows what is there whatever its tests say: only a new revision of it can be held back. */
async function checkView(session: Session, { revision, standing, options, isNew }: Serving): Promise<Counts> {
  const { report } = revision;
  const select = computed(report);
  const probe = behind('CREATE TEMP VIEW rollcall_state AS ', select);
  await placing(report, probe, () => session.run(probe.text));
  const [count] = await placing(report, report.sqlFile, () =>
    session.rows<{ rows: number }>(`SELECT count(*)::float8 AS rows FROM ${STATE}`),
  );
  await options.onEffect?.('computed');
  const tests = await runTests(session, report, STATE);
  await session.run(`DROP VIEW ${STATE}`);
  const reason = holdReason(tests);
  if (standing?.report.hash !== report.hash && reason !== undefined) throw new StateHeld(reason, tests);
  if (isNew) await publishView(session, report, select.text);
  if (standing?.report.materialize === true) await session.run(`DROP TABLE IF EXISTS ${storeOf(report.name)}`);
  const rows = count?.rows ?? 0;
  return { rows, rowsChanged: rows, tests };
}

/** The revision that is served already keeps its last state and says so; one that is not served yet leaves no trace here. */
async function noteHeld(
  session: Session,
  { report }: Revision,
  options: RefreshOptions,
  inputs: Inputs | undefined,
  error: StateHeld | RollcallError,
): Promise<RefreshResult> {
  const held = error instanceof StateHeld;
  const reason = held ? error.reason : error.message;
  const told = await transaction(session, async () => {
    const standing = await readServed(session, report.name);
    if (standing?.report.hash !== report.hash || inputs === undefined) return false;
    const { refreshId, trace } = options;
    const tests = held ? { tests: error.tests } : {};
    const kind = held ? 'test' : 'failed';
    return writeHeldBack(session, report.name, { kind, reason, attempted: inputs, refreshId, trace, ...tests });
  });
  if (told) await options.onEffect?.('applied');
  const standing = await readServed(session, report.name);
  const served = standing?.report.hash === report.hash ? standing : undefined;
  return held ? { kind: 'held', reason, served, told } : { kind: 'failed', error, served, told };
}
