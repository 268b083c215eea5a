import { postgresType, type Dataset, type SessionsRule } from '@rollcall/catalog';
import { qualified, quoteIdentifier, quoteLiteral } from '../dialect/quote-identifier.js';
import { cleanExpression } from '../schema/clean-expression.js';
import type { Relation } from '../schema/relation.js';

/** A sessions rule in the words of SQL. */
export interface SessionSql {
  readonly rule: SessionsRule;
  readonly into: string;
  /** Literal of the rows' mode. */
  readonly mode: string;
  readonly byType: string;
  readonly atType: string;
  readonly byColumn: string;
  /** Outputs: quoted name and the expression over a raw row. */
  readonly distinct: readonly { readonly output: string; readonly of: (row: string) => string }[];
  /** Of a raw row (its alias, or '' in DDL): the value rows are grouped by, cleaned as in analytics. */
  readonly by: (row: string) => string;
  readonly at: (row: string) => string;
  /** Rows that can be in a session. */
  readonly eligible: (row: string) => string;
  /** The session's id, from a `by` and the first `at` (gap) or any `at` (half day). */
  readonly id: (by: string, at: string) => string;
  /**
   * The cell of an `at`: rows of one `by` and one cell are always of one session. Half day: the wall-clock time at which it begins.
   * Gap: one of the stretches of time, as long as the gap, that cut the time line.
   */
  readonly cell: (at: string) => string;
  /** Half day: the instants between which the rows of the half day that begins at `start` lie, with room for a change of the clock. */
  readonly bounds: (start: string) => { readonly lo: string; readonly hi: string };
}

export function sessionSql(relation: Relation, rule: SessionsRule): SessionSql {
  const { dataset } = relation;
  const byName = columnOf(relation, rule.by);
  const atName = columnOf(relation, rule.at);
  const byColumn = dataset.columns.find((column) => column.name === rule.by);
  const by = (row: string): string => cleanExpression(byColumn, byName.type, fieldOf(row, byName.physical));
  const at = (row: string): string => fieldOf(row, atName.physical);
  return {
    rule,
    into: qualified('analytics', rule.into),
    mode: quoteLiteral(rule.mode.name),
    byType: postgresType(byName.type),
    atType: postgresType(atName.type),
    byColumn: quoteIdentifier(rule.by),
    distinct: Object.entries(rule.distinct).map(([output, name]) => ({
      output: quoteIdentifier(output),
      of: (row) => distinctOf(relation, name, row),
    })),
    by,
    at,
    // Outside of these years (and for infinity) there is no text to make an id of.
    eligible: (row) =>
      `NOT ${row}._deleted AND ${by(row)} IS NOT NULL AND ${at(row)} >= '0001-01-01' AND ${at(row)} < '9999-12-31'`,
    id: (byValue, atValue) => `${byValue}::text || '_' || ${idSuffix(rule, dataset, atName.type.name, atValue)}`,
    cell: (atValue) =>
      rule.mode.name === 'gap'
        ? `date_bin(interval '${rule.mode.seconds} seconds', ${atValue}, '2000-01-01'::${postgresType(atName.type)})`
        : halfDayStart(rule, inZone(atName.type.name, atValue, dataset.zone)),
    bounds: (start) => halfDayBounds(rule, dataset, atName.type.name, start),
  };
}

/** `YYYYMMDDTHHMMSSZ` of the first row, or `YYYY-MM-DD_Morning`. */
function idSuffix(rule: SessionsRule, dataset: Dataset, atType: string, at: string): string {
  if (rule.mode.name === 'gap') return `to_char(${inZone(atType, at, 'UTC')}, 'YYYYMMDD"T"HH24MISS"Z"')`;
  const local = inZone(atType, at, dataset.zone);
  const half = `CASE WHEN extract(hour FROM ${local}) < ${rule.mode.morningUntilHour} THEN '_Morning' ELSE '_Afternoon' END`;
  return `to_char(${local}, 'YYYY-MM-DD') || ${half}`;
}

function halfDayStart(rule: SessionsRule, local: string): string {
  return `(date_trunc('day', ${local}) + CASE WHEN extract(hour FROM ${local}) < ${noonOf(rule)} THEN interval '0 hours' ELSE interval '${noonOf(rule)} hours' END)`;
}

function halfDayBounds(
  rule: SessionsRule,
  dataset: Dataset,
  atType: string,
  start: string,
): { readonly lo: string; readonly hi: string } {
  const back = (wall: string): string =>
    atType === 'timestamptz' ? `((${wall}) AT TIME ZONE ${quoteLiteral(dataset.zone)})` : `(${wall})`;
  const hours = `CASE WHEN extract(hour FROM ${start}) < ${noonOf(rule)} THEN interval '${noonOf(rule)} hours' ELSE interval '${24 - noonOf(rule)} hours' END`;
  return { lo: `${back(start)} - interval '3 hours'`, hi: `${back(`${start} + ${hours}`)} + interval '3 hours'` };
}

function noonOf(rule: SessionsRule): number {
  return rule.mode.name === 'half_day' ? rule.mode.morningUntilHour : 0;
}

/** The wall clock of an instant; a time without zone is one already. */
function inZone(atType: string, at: string, zone: string): string {
  return atType === 'timestamptz' ? `(${at} AT TIME ZONE ${quoteLiteral(zone)})` : `(${at}::timestamp)`;
}

function distinctOf(relation: Relation, name: string, row: string): string {
  const column = relation.dataset.columns.find((candidate) => candidate.name === name);
  const { type, physical } = columnOf(relation, name);
  return cleanExpression(column, type, fieldOf(row, physical));
}

function fieldOf(row: string, physical: string): string {
  return row === '' ? quoteIdentifier(physical) : `${row}.${quoteIdentifier(physical)}`;
}

function columnOf(relation: Relation, name: string): Relation['columns'][number] {
  const column = relation.columns.find((candidate) => candidate.name === name);
  if (column === undefined)
    throw new RangeError(`${relation.dataset.name}: the sessions rule names column ${name}, which is not there`);
  return column;
}
