import { sortFaults, type Catalog, type Fault } from '@rollcall/catalog';
import { qualified, type Session } from '@rollcall/warehouse';
import type { ReportSet } from '../format/parsed-report.js';
import { findReferences, REPORT_SCHEMA } from '../format/report-references.js';
import { faultInText } from '../format/text-places.js';
import type { Report } from '../report.js';
import { inspectInputs } from './input-datasets.js';
import type { Inspection } from './inspection.js';
import { placedSql } from './placed-sql.js';
import { attempt, type Trial, type Tried } from './trial.js';
import { evidenceTrials, rowTrials } from './trials-of.js';
import { columnFaults } from './view-columns.js';
import { readRelations, readViewColumns } from './view-relations.js';

/** Of one statement: plans are made, nothing is run. */
const STATEMENT_TIMEOUT = '15s';
const LOCK_TIMEOUT = '5s';
const TEMPORARY = 'pg_temp';

/**
 * Asks the warehouse what it says of every good report of a set: by its name, with places in `view.sql` and `report.yaml`. Everything is
 * tried on temporary views in one transaction that is rolled back, so nobody who reads is blocked and nothing is left behind. Takes the
 * session's transaction for itself. Throws RollcallError `warehouse/*` where the warehouse itself is to blame.
 */
export async function inspectReports(
  session: Session,
  set: ReportSet,
  catalog: Catalog,
): Promise<ReadonlyMap<string, Inspection>> {
  const inspections = new Map<string, Inspection>();
  await session.run('BEGIN');
  try {
    await session.run(
      `SELECT set_config('statement_timeout', $1, true), set_config('lock_timeout', $2, true),
      set_config('search_path', concat_ws(', ', nullif(current_setting('search_path'), ''), '${TEMPORARY}'), true)`,
      [STATEMENT_TIMEOUT, LOCK_TIMEOUT],
    );
    const [rights] = await session.rows<{ may: boolean }>(
      `SELECT has_database_privilege(current_database(), 'TEMP') AS may`,
    );
    for (const report of set.reports) {
      const inspection =
        rights?.may === true
          ? await inspectReport({ session, set, catalog, below: inspections }, report)
          : unchecked('SQL was not checked: this user may not make temporary views in the warehouse');
      inspections.set(report.name, { ...inspection, faults: sortFaults(inspection.faults) });
    }
  } finally {
    // The connection may be gone: then the server has rolled back already.
    await session.run('ROLLBACK').catch(() => undefined);
  }
  return inspections;
}

function unchecked(note: string): Inspection {
  return { faults: [], datasets: [], relations: [], notes: [note] };
}

interface Look {
  readonly session: Session;
  readonly set: ReportSet;
  readonly catalog: Catalog;
  /** Reports that were looked at before: all that this one stands on. */
  readonly below: ReadonlyMap<string, Inspection>;
}

async function inspectReport(look: Look, report: Report): Promise<Inspection> {
  const { session, set } = look;
  const broken = brokenBelow(look, report);
  if (broken.length > 0)
    return { ...unchecked('its SQL was not checked: what it stands on is faulty'), faults: broken };
  const view = qualified(TEMPORARY, report.name);
  const made = await makeView(session, report, view);
  if (made.kind === 'slow') return unchecked('SQL was not checked: the warehouse did not answer in time');
  if (made.kind === 'fault') return { faults: [made.fault], datasets: [], relations: [], notes: [] };

  const inputs = inspectInputs(report, await readRelations(session, view), look.catalog, set, look.below);
  const columns = columnFaults(report, await readViewColumns(session, view), (...at) =>
    set.faultAt(report.name, ...at),
  );
  const trials = [...evidenceTrials(report), ...(columns.length === 0 ? rowTrials(report, view) : [])];
  const faults: Fault[] = [...inputs.faults, ...columns];
  const notes = [...inputs.notes];
  if (columns.length > 0) notes.push('filters, tests and charts were not checked: the columns do not match');
  const told = new Set<string>();
  for (const trial of trials) {
    const tried = await attempt(session, trial.sql.text, trial.values);
    if (tried.kind === 'slow') notes.push(`${trial.what} was not checked: the warehouse did not answer in time`);
    if (tried.kind !== 'refused' || (trial.holdsOthers && told.has(tried.message))) continue;
    told.add(tried.message);
    faults.push(faultOf(set, report, trial, tried));
  }
  return { ...inputs, faults, notes };
}

/** A report whose ground is faulty cannot be served either. */
function brokenBelow({ below }: Look, report: Report): readonly Fault[] {
  return findReferences(report.sql).references.flatMap(({ name, start }) => {
    const first = below.get(name)?.faults[0];
    if (!first) return [];
    const message = `report "${name}" is faulty: ${first.file}:${first.line}:${first.column}: ${first.message}`;
    return [faultInText(report.sqlFile, report.sql, { offset: start, rule: 'report-broken', message })];
  });
}

type Made = { readonly kind: 'fine' | 'slow' } | { readonly kind: 'fault'; readonly fault: Fault };

/** Other reports are read as the temporary views that stand for them here. */
async function makeView(session: Session, report: Report, view: string): Promise<Made> {
  const replacements = findReferences(report.sql).references.map(({ name, start, end }) => ({
    start,
    end,
    text: qualified(TEMPORARY, name),
  }));
  const sql = placedSql(`CREATE TEMPORARY VIEW ${view} AS\n`, report.sql, '', replacements);
  const made = await attempt(session, sql.text);
  // Rights on what it reads are only asked for when it is read.
  const read = made.kind === 'fine' ? await attempt(session, `EXPLAIN SELECT * FROM ${view}`) : made;
  if (read.kind !== 'refused') return { kind: read.kind };
  const { rule, message, position } = read;
  const offset = (made.kind === 'refused' && position !== undefined && sql.offsetAt(position)) || 0;
  return {
    kind: 'fault',
    fault: faultInText(report.sqlFile, report.sql, { offset, rule, message: asReport(message) }),
  };
}

function faultOf(
  set: ReportSet,
  report: Report,
  { what, sql, at }: Trial,
  { rule, message, position }: Extract<Tried, { kind: 'refused' }>,
): Fault {
  const offset = position === undefined ? undefined : sql.offsetAt(position);
  const said = `${what}: ${asReport(message)}`;
  if ('path' in at) return set.faultAt(report.name, at.path, rule, said, offset ?? 0);
  const file = `${report.sqlFile.slice(0, -'view.sql'.length)}${at.file}`;
  return faultInText(file, at.text, { offset: offset ?? 0, rule, message: said });
}

/** The author knows nothing of temporary views. */
function asReport(message: string): string {
  return message.replaceAll(`${TEMPORARY}.`, `${REPORT_SCHEMA}.`);
}
