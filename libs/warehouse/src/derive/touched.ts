import type { SessionsRule } from '@rollcall/catalog';
import type { Session } from '../open-warehouse.js';
import type { Relation } from '../schema/relation.js';
import { sessionSql } from './session-rule.js';

/** A temporary table (by, at): where rows changed or went. One per rule. */
export const touchedTable = (index: number): string => `pg_temp.rollcall_touched_${index}`;

/**
 * A temporary table (by, at, d0…, c<rule>…) of the rows that this load brought into raw; rules over the same columns share one. `c<rule>`: the
 * cell of the row by that rule, see `cellOf`.
 */
export const arrivedTable = (relation: Relation, index: number): string =>
  `pg_temp.rollcall_arrived_${arrivedOf(relation, index).number}`;

interface Arrived {
  readonly number: number;
  readonly rules: readonly number[];
  /** Columns of the dataset whose values are counted. */
  readonly distinct: readonly string[];
}

/** Rules that share `by` and `at` share their rows. */
export function arrivedOf(relation: Relation, index: number): Arrived {
  const found = arrivedTables(relation).find(({ rules }) => rules.includes(index));
  if (found === undefined) throw new RangeError(`${relation.dataset.name}: no rule ${index}`);
  return found;
}

export function arrivedTables({ dataset }: Relation): readonly Arrived[] {
  const numbered = dataset.derive.map((rule, index) => ({ rule, index }));
  const groups = Map.groupBy(numbered, ({ rule }) => JSON.stringify([rule.by, rule.at]));
  return [...groups.values()].map((rules, number) => ({
    number,
    rules: rules.map(({ index }) => index),
    distinct: [...new Set(rules.flatMap(({ rule }) => Object.values(rule.distinct)))],
  }));
}

/** Columns of the dataset that a group of rules reads. */
export function columnsRead(relation: Relation, { rules, distinct }: Arrived): readonly string[] {
  const first = ruleOf(relation, rules[0] ?? 0);
  return [...new Set([first.by, first.at, ...distinct])];
}

export async function createTouched(session: Session, relation: Relation): Promise<void> {
  for (const [index, rule] of relation.dataset.derive.entries()) {
    const { byType, atType } = sessionSql(relation, rule);
    await session.run(`DROP TABLE IF EXISTS ${touchedTable(index)}`);
    await session.run(`CREATE TEMP TABLE rollcall_touched_${index} (by ${byType}, at ${atType}) ON COMMIT DROP`);
  }
}

/** What is noted of a row of raw that changed or went. */
export function touchedSelect(relation: Relation, index: number, row: string): string {
  const { by, at } = sessionSql(relation, ruleOf(relation, index));
  return `${by(row)}, ${at(row)}`;
}

/** Makes the tables of arrived rows. `from`: rows `n` with the columns of raw, as they stand there now and were not there before. */
export async function noteArrived(
  session: Session,
  relation: Relation,
  from: (columns: readonly string[]) => string,
): Promise<void> {
  for (const arrived of arrivedTables(relation)) {
    const { by, at } = sessionSql(relation, ruleOf(relation, arrived.rules[0] ?? 0));
    const select = [
      `${by('n')} AS by`,
      `${at('n')} AS at`,
      ...arrived.distinct.map((name, place) => `${distinctSql(relation, arrived, name)} AS d${place}`),
    ];
    const cells = arrived.rules.map(
      (index) => `${sessionSql(relation, ruleOf(relation, index)).cell('at')} AS c${index}`,
    );
    const table = `rollcall_arrived_${arrived.number}`;
    await session.run(`DROP TABLE IF EXISTS pg_temp.${table}`);
    // OFFSET 0: cleaned once, not once per use.
    await session.run(
      `CREATE TEMP TABLE ${table} ON COMMIT DROP AS SELECT a.*, ${cells.join(', ')} FROM (SELECT ${select.join(', ')} ${from(columnsRead(relation, arrived))} OFFSET 0) a
       WHERE by IS NOT NULL AND at >= '0001-01-01' AND at < '9999-12-31'`,
    );
    await session.run(`ANALYZE pg_temp.${table}`);
  }
}

function distinctSql(relation: Relation, { rules }: Arrived, name: string): string {
  for (const index of rules) {
    const rule = ruleOf(relation, index);
    const place = Object.values(rule.distinct).indexOf(name);
    const found = sessionSql(relation, rule).distinct[place];
    if (found !== undefined) return found.of('n');
  }
  throw new RangeError(`${relation.dataset.name}: no rule counts ${name}`);
}

export function ruleOf({ dataset }: Relation, index: number): SessionsRule {
  const rule = dataset.derive[index];
  if (rule === undefined) throw new RangeError(`${dataset.name}: no rule ${index}`);
  return rule;
}
