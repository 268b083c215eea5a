import { checkShape, isZone, parseDuration, sortFaults, YamlPlaces, type Fault, type Path } from '@rollcall/catalog';
import { sha256Hex } from '@rollcall/kernel';
import type { Report } from '../report.js';
import { buildColumns } from './build-columns.js';
import { buildEvidence, buildTargets } from './build-evidence.js';
import { buildFilters } from './build-filters.js';
import { buildShow } from './build-show.js';
import { buildTests } from './build-tests.js';
import { selectFaults, type SqlFault } from './check-sql.js';
import type { FaultAt, ParsedReport, ReportFiles } from './parsed-report.js';
import { columnsAt, type ReportContext } from './report-context.js';
import { knownKeys } from './report-json-schema.js';
import { findReferences } from './report-references.js';
import { reportSchema, type ReportEntry } from './report-schema.js';
import { faultInText } from './text-places.js';

const REPORT_NAME = /^[a-z][a-z0-9_]{0,49}$/;
/** Views of the schema `report` that are no reports. */
const TAKEN_NAMES = ['freshness', 'dictionary'];
/** What every row of a table has anyway. */
const SYSTEM_COLUMNS = ['ctid', 'cmin', 'cmax', 'xmin', 'xmax', 'tableoid'];
/** Parameters beside the grain where a row's evidence is asked for. */
const EVIDENCE_PARAMETERS = ['after', 'limit'];
const DEFAULT_MIN_REFRESH_SECONDS = 5;
const HASH_DIGITS = 12;

const STAND_INS = {
  report: 'unnamed',
  revision: 1,
  title: 'Untitled',
  question: 'Untitled',
  description: 'Untitled',
  owner: 'nobody',
  grain: ['unnamed'],
  columns: {},
};
const SHAPE = { schema: reportSchema, knownKeys, standIns: STAND_INS };

/**
 * Reads the files of one folder: pure. Every fault has its place in one of them. What a Vega-Lite file holds is only looked into by
 * `readReports`.
 */
export function parseReport({ name, dir, files }: ReportFiles): ParsedReport {
  const file = `${dir}/report.yaml`;
  const sqlFile = `${dir}/view.sql`;
  const yaml = files.get('report.yaml');
  const sql = files.get('view.sql');
  const places = new YamlPlaces(yaml ?? '', file);
  const faults: Fault[] = [];
  const faultAt: FaultAt = (path, rule, message, at) => {
    if (typeof at === 'number') return places.inText(path, at, rule, message);
    return at === 'key' ? places.atKey(path, rule, message) : places.atValue(path, rule, message);
  };

  if (!REPORT_NAME.test(name)) {
    const message = `folder "${name}": a report's name is of a-z, 0-9 and _, begins with a letter and is at most 50 long`;
    faults.push(places.atValue(['report'], 'bad-name', message));
  }
  if (TAKEN_NAMES.includes(name)) {
    const message = `report.${name} is there already, and tells of all reports; give the folder another name`;
    faults.push(places.atValue(['report'], 'bad-name', message));
  }
  if (sql === undefined) {
    const message = `there is no view.sql beside report.yaml; write one SELECT`;
    faults.push({ file: sqlFile, line: 1, column: 1, rule: 'missing-file', message });
  } else faults.push(...viewFaults(sql).map((fault) => faultInText(sqlFile, sql, fault)));
  const known = { name, dir, files, sql: sql ?? '', reads: findReferences(sql ?? '').references, faultAt };
  if (yaml === undefined) {
    faults.push({ file, line: 1, column: 1, rule: 'missing-file', message: 'there is no report.yaml in the folder' });
    return { ...known, faults: sortFaults(faults) };
  }
  if (places.syntaxFaults.length > 0) {
    return { ...known, faults: sortFaults([...faults, ...places.syntaxFaults]) };
  }
  const shape = checkShape(places, SHAPE);
  const unshaped = shape.faults.length > 0;
  faults.push(...shape.faults);
  if (!shape.entry) return { ...known, faults: sortFaults(faults) };
  const built = buildReport({ name, entry: shape.entry, files, dir, places, faults });
  // What only follows from a stand-in is no fault of its own.
  const told = unshaped ? faults.filter(({ message }) => !message.includes('"unnamed"')) : faults;
  if (told.length > 0) return { ...known, faults: sortFaults(told) };
  const report = { ...built, sql: sql ?? '' };
  return { ...known, report: { ...report, file, sqlFile, hash: hashOf(report) }, faults: [] };
}

function viewFaults(sql: string): readonly SqlFault[] {
  const { aliases } = findReferences(sql);
  const message = '"report" is the schema that reports stand in; take another name here';
  return [...selectFaults(sql, 'a view'), ...aliases.map((offset) => ({ offset, rule: 'report-alias', message }))];
}

interface Reading {
  readonly name: string;
  readonly entry: ReportEntry;
  readonly files: ReadonlyMap<string, string>;
  readonly dir: string;
  readonly places: YamlPlaces;
  readonly faults: Fault[];
}

type Body = Omit<Report, 'sql' | 'file' | 'sqlFile' | 'hash'>;

function buildReport({ name, entry, files, dir, places, faults }: Reading): Body {
  const to = {
    name,
    fault: (path: Path, rule: string, message: string): void => {
      faults.push(places.atValue(path, rule, message));
    },
    faultAtKey: (path: Path, rule: string, message: string): void => {
      faults.push(places.atKey(path, rule, message));
    },
  };
  const context: ReportContext = {
    ...to,
    entry,
    columns: buildColumns(to, entry),
    file: (path) => files.get(path),
    faultsInText: (path, found) => {
      faults.push(...found.map(({ offset, rule, message }) => places.inText(path, offset, rule, message)));
    },
    faultsInFile: (path, found) => {
      const text = files.get(path) ?? '';
      faults.push(...found.map((fault) => faultInText(`${dir}/${path}`, text, fault)));
    },
  };
  if (entry.report !== name && entry.report !== STAND_INS.report) {
    to.fault(['report'], 'bad-name', `report "${entry.report}" stands in folder "${name}"; both have one name`);
  }
  const zone = entry.zone ?? 'UTC';
  if (!isZone(zone)) to.fault(['zone'], 'unknown-zone', `"${zone}" is not an IANA time zone`);
  const grain = columnsAt(context, ['grain'], entry.grain);
  for (const column of context.columns.filter((one) => SYSTEM_COLUMNS.includes(one.name))) {
    to.faultAtKey(
      ['columns', column.name],
      'bad-name',
      `every table of Postgres has a column ${column.name} of its own`,
    );
  }
  for (const column of grain.filter((one) => EVIDENCE_PARAMETERS.includes(one.name))) {
    const message = `${column.name} is a parameter where a row is asked for; give the column another name`;
    to.fault(['grain', entry.grain.indexOf(column.name)], 'bad-name', message);
  }
  for (const column of grain.filter(({ type }) => type.name === 'float8')) {
    const message = `${column.name} is float8: rows cannot be told apart by it; cast it to numeric`;
    to.fault(['grain', entry.grain.indexOf(column.name)], 'grain-type', message);
  }
  const tests = buildTests(context);
  const filters = buildFilters(context, tests);
  const targets = buildTargets(context);
  const freshness = buildFreshness(context);
  return {
    name,
    revision: entry.revision,
    title: entry.title,
    question: entry.question,
    description: entry.description,
    owner: entry.owner,
    grain: grain.map((column) => column.name),
    zone,
    materialize: entry.materialize ?? true,
    minRefreshSeconds: parseDuration(entry.min_refresh ?? '') ?? DEFAULT_MIN_REFRESH_SECONDS,
    columns: context.columns,
    filters,
    evidence: buildEvidence(context),
    targets,
    tests,
    ...(freshness ? { freshness } : {}),
    ...buildShow(context, filters, targets),
  };
}

function buildFreshness({ entry, fault }: ReportContext): Report['freshness'] {
  if (!entry.freshness) return undefined;
  const warnAfterSeconds = parseDuration(entry.freshness.warn_after) ?? 0;
  const failAfterSeconds = parseDuration(entry.freshness.fail_after) ?? 0;
  if (failAfterSeconds < warnAfterSeconds) {
    fault(['freshness', 'fail_after'], 'bad-range', 'fail_after is shorter than warn_after');
  }
  return { warnAfterSeconds, failAfterSeconds };
}

/** Over everything that is served; comments of report.yaml and the form it is written in do not count. */
function hashOf(body: Body & Pick<Report, 'sql'>): string {
  return sha256Hex(JSON.stringify(body)).slice(0, HASH_DIGITS);
}
