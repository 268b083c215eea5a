import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { touchedSelect, touchedTable } from '../derive/recompute-sessions.js';
import { sessionSql } from '../derive/session-rule.js';
import {
  countOf,
  keysMatch,
  raw,
  rowColumns,
  sameContent,
  stagedKey,
  stagedRows,
  stagedValue,
  type LoadContext,
} from './load-context.js';
import { STAGED, STANDING, VERDICT } from './staging-tables.js';

export interface MergeCounts {
  readonly merged: number;
  readonly superseded: number;
  readonly duplicate: number;
}

/**
 * Brings the staged rows into raw: per key the highest position wins, over what stands as well. VERDICT holds what lies below floors already.
 * Rows that appeared, changed or went are noted as touched.
 */
export async function mergeRows(context: LoadContext): Promise<MergeCounts> {
  const { session, relation } = context;
  await markLosers(context);
  // Events are nearly always new: writing first and looking at the few that were not is one pass less over the index of the key.
  const hopeful = context.rawIsEmpty || relation.dataset.capture.mode === 'events';
  const inserted = hopeful ? await insertNew(context) : 0;
  const left = hopeful
    ? (await countOf(session, `SELECT count(*) FROM ${stagedRows} WHERE ${open}`)) - inserted
    : undefined;
  const standing = left === 0 ? 0 : await compareWithStanding(context);
  await noteTouched(context, standing);
  const updated = standing === 0 && hopeful ? 0 : await upsert(context, hopeful);
  const repeated =
    standing === 0 ? 0 : await countOf(session, `SELECT count(*) FROM ${STANDING} WHERE NOT older AND same`);
  const losers = await countLosers(context);
  return { merged: inserted + updated - repeated, duplicate: repeated + losers.same, superseded: losers.other };
}

/** Of several rows of one key the highest position stays. Keys that come once cost one hash aggregate. */
async function markLosers(context: LoadContext): Promise<void> {
  const keys = context.relation.key.map((physical) => stagedKey(context, physical));
  const list = keys.join(', ');
  const names = keys.map((_, place) => `k${place}`);
  const match = keys.map((key, place) => `c.k${place} = ${key}`).join(' AND ');
  await context.session.run(`
INSERT INTO ${VERDICT}
SELECT ranked._n, 'l' FROM (
  SELECT s._n, row_number() OVER (PARTITION BY ${list} ORDER BY s._position DESC, s._n) AS rank
  FROM ${stagedRows} JOIN (
    SELECT ${keys.map((key, place) => `${key} AS ${names[place] ?? ''}`).join(', ')} FROM ${stagedRows} WHERE ${open} GROUP BY ${list} HAVING count(*) > 1
  ) c ON ${match}
  WHERE ${open}
) ranked WHERE ranked.rank > 1`);
}

const open = `NOT EXISTS (SELECT FROM ${VERDICT} v WHERE v._n = s._n)`;

/** The row of raw is the staged one itself, inserted a moment ago. */
const IS_OWN = 'r._position = s._position AND r._batch_id = ($1::int8[])[s._b + 1]';

/** What stands under the keys of the winners: is it newer, does it say the same, and where in the sessions was it. */
async function compareWithStanding(context: LoadContext): Promise<number> {
  const { session, relation } = context;
  const places = relation.dataset.derive.map((rule, index) => {
    const { by, at } = sessionSql(relation, rule);
    return `, ${by('r')} AS by${index}, ${at('r')} AS at${index}`;
  });
  await session.run(
    `
CREATE TEMP TABLE rollcall_standing ON COMMIT DROP AS
SELECT s._n, r._position >= s._position AS older, (${sameContent(context)}) AS same, r._deleted AS was_deleted${places.join('')}
FROM ${stagedRows} JOIN ${raw(context)} r ON ${keysMatch(context)} WHERE ${open} AND NOT (${IS_OWN})`,
    [context.batchIds],
  );
  await session.run(`INSERT INTO ${VERDICT} SELECT _n, 'o' FROM ${STANDING} WHERE older`);
  return countOf(session, `SELECT count(*) FROM ${STANDING}`);
}

async function noteTouched(context: LoadContext, standing: number): Promise<void> {
  const { session, relation } = context;
  const changes = standing === 0 ? '' : ` AND NOT EXISTS (SELECT FROM ${STANDING} o WHERE o._n = s._n AND o.same)`;
  for (const [index, rule] of relation.dataset.derive.entries()) {
    const row = [rule.by, rule.at, ...relation.dataset.key].flatMap((name) => {
      const column = relation.columns.find((candidate) => candidate.name === name);
      return column === undefined ? [] : [`${stagedValue(context, column)} AS ${quoteIdentifier(column.physical)}`];
    });
    await session.run(
      `INSERT INTO ${touchedTable(index)} SELECT ${touchedSelect(relation, index, 'n')}
       FROM (SELECT ${[...new Set(row)].join(', ')} FROM ${stagedRows} WHERE NOT s._deleted AND ${open}${changes}) n`,
    );
    if (standing === 0) continue;
    await session.run(
      `INSERT INTO ${touchedTable(index)} SELECT by${index}, at${index} FROM ${STANDING} WHERE NOT older AND NOT same AND NOT was_deleted`,
    );
  }
}

/** Writes the winners whose key is free. */
async function insertNew(context: LoadContext): Promise<number> {
  const { names, values } = rowColumns(context, '$1');
  const conflict = context.rawIsEmpty ? '' : `ON CONFLICT (${keyOf(context)}) DO NOTHING`;
  return context.session.run(
    `INSERT INTO ${raw(context)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${STAGED} s WHERE ${open} ${conflict}`,
    [context.batchIds],
  );
}

/** Writes the winners that are newer than what stands. `onlyStanding`: those whose key was free are written already. */
async function upsert(context: LoadContext, onlyStanding: boolean): Promise<number> {
  const { relation, session } = context;
  const { names, values } = rowColumns(context, '$1');
  const set = names.map((name) => `${name} = excluded.${name}`);
  const retired = relation.retired.map((column) => `${quoteIdentifier(column.physical)} = NULL`);
  const which = onlyStanding ? `${open} AND EXISTS (SELECT FROM ${STANDING} o WHERE o._n = s._n)` : open;
  return session.run(
    `INSERT INTO ${raw(context)} AS r (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${STAGED} s WHERE ${which}
     ON CONFLICT (${keyOf(context)}) DO UPDATE SET ${[...set, ...retired].join(', ')} WHERE excluded._position > r._position`,
    [context.batchIds],
  );
}

function keyOf({ relation }: LoadContext): string {
  return relation.key.map(quoteIdentifier).join(', ');
}

/** Rows that were not written, against what stands now: the same content is a duplicate, other content was superseded. */
async function countLosers(context: LoadContext): Promise<{ readonly same: number; readonly other: number }> {
  const { session } = context;
  const total = await countOf(session, `SELECT count(*) FROM ${VERDICT}`);
  if (total === 0) return { same: 0, other: 0 };
  const same = await countOf(
    session,
    `SELECT count(*) FROM ${stagedRows} JOIN ${VERDICT} v ON v._n = s._n JOIN ${raw(context)} r ON ${keysMatch(context)} WHERE ${sameContent(context)}`,
  );
  return { same, other: total - same };
}
