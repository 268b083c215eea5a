import { quoteIdentifier } from '../dialect/quote-identifier.js';
import { sessionSql } from '../derive/session-rule.js';
import { noteArrived, touchedTable } from '../derive/touched.js';
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
import { keyShape } from '../schema/relation.js';
import { hasEndings } from './end-rows.js';
import { ENDED, STAGED, stagedFields, STANDING, VERDICT } from './staging-tables.js';

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
  const { session } = context;
  await analyzeStaged(context);
  // An index of time beside that of the key wants rows as they came, which is nearly in order of time: then losers are looked for first.
  const asTheyCame = context.relation.dataset.derive.length > 0;
  if (asTheyCame) await markLosers(context);
  const offered = await countOpen(context);
  if (!asTheyCame && (await mostlyStand(context, offered))) return mergeStanding(context, offered);
  const condition = await openCondition(context);
  const inserted = await insertNew(context, asTheyCame ? stagedRows : winnersByKey(context, condition), condition);
  // Nearly always every row was new and alone under its key: then nothing of the rest is there to do.
  if (!asTheyCame && inserted < offered) await markLosers(context);
  const winners = inserted < offered ? await countOpen(context) : offered;
  const standing = inserted < winners ? await compareWithStanding(context) : 0;
  await noteTouched(context, standing);
  const updated = standing === 0 ? 0 : await upsertStanding(context);
  const repeated =
    standing === 0 ? 0 : await countOf(session, `SELECT count(*) FROM ${STANDING} WHERE NOT older AND same`);
  const losers = await countLosers(context);
  return { merged: inserted + updated - repeated, duplicate: repeated + losers.same, superseded: losers.other };
}

/** Rows that are asked whether their key stands already. */
const ASKED = 64;

/** Whether most rows change what stands: told by a few of them, evenly from all. */
async function mostlyStand(context: LoadContext, offered: number): Promise<boolean> {
  if (context.rawIsEmpty || offered === 0) return false;
  const [found] = await context.session.rows<{ asked: string; standing: string }>(
    `SELECT count(*) AS asked, count(*) FILTER (WHERE EXISTS (SELECT FROM ${raw(context)} r WHERE ${keysMatch(context)})) AS standing
     FROM (SELECT * FROM ${stagedRows} WHERE s._n % ${Math.ceil(offered / ASKED)} = 0 LIMIT ${ASKED}) s`,
  );
  return Number(found?.standing ?? 0) * 2 > Number(found?.asked ?? 0);
}

/** The same, where most rows change what stands: each of those is found once, and written where it was found. */
async function mergeStanding(context: LoadContext, offered: number): Promise<MergeCounts> {
  const winners = offered - (await markLosers(context));
  const { written, repeated } = await writeWinners(context);
  if (written < winners) {
    await context.session.run(
      `INSERT INTO ${VERDICT} SELECT s._n, 'o' FROM ${stagedRows} JOIN ${raw(context)} r ON ${keysMatch(context)}
       WHERE ${open} AND NOT ${writtenNow(context)}`,
    );
  }
  const losers = await countLosers(context);
  return { merged: written - repeated, duplicate: repeated + losers.same, superseded: losers.other };
}

/**
 * Writes every winner whose key is free, or stands older. What a row said before is asked of the table while the statement still sees it as it was:
 * RETURNING itself knows that from Postgres 18 on.
 */
async function writeWinners(context: LoadContext): Promise<{ readonly written: number; readonly repeated: number }> {
  const { relation, session } = context;
  const before = relation.key.map(quoteIdentifier).map((name) => `o.${name} = r.${name}`);
  const condition = await openCondition(context);
  const keys = relation.key.map((physical) => stagedKey(context, physical)).join(', ');
  const winners = condition === ALL ? ALL : `${condition} ORDER BY ${keys}`;
  const [found] = await session.rows<{ written: string; repeated: string }>(
    `WITH written AS (${upsert(context, winners)}
       RETURNING EXISTS (SELECT FROM ${raw(context)} o WHERE ${[...before, sameContent(context, 'o')].join(' AND ')}) AS same)
     SELECT count(*) AS written, count(*) FILTER (WHERE same) AS repeated FROM written`,
    [context.batchIds],
  );
  return { written: Number(found?.written), repeated: Number(found?.repeated) };
}

/** Writes the staged rows `s` of a condition, where nothing newer stands. Under the dataset's lock nobody else writes meanwhile. */
function upsert(context: LoadContext, condition: string): string {
  const { relation } = context;
  const { names, values } = rowColumns(context, '$1');
  const set = names.map((name) => `${name} = excluded.${name}`);
  const retired = relation.retired.map((column) => `${quoteIdentifier(column.physical)} = NULL`);
  return `INSERT INTO ${raw(context)} AS r (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${stagedRows} WHERE ${condition}
     ON CONFLICT (${keyOf(context)}) DO UPDATE SET ${[...set, ...retired].join(', ')} WHERE excluded._position > r._position`;
}

function countOpen({ session }: LoadContext): Promise<number> {
  return countOf(session, `SELECT (SELECT count(*) FROM ${STAGED}) - (SELECT count(*) FROM ${VERDICT}) AS count`);
}

/** Without statistics the planner takes temporary tables for small, and joins each row with all of the others. */
async function analyzeStaged({ session, relation }: LoadContext): Promise<void> {
  const fields = new Set(stagedFields(relation.dataset).map(({ name }) => name));
  const key = keyShape(relation.dataset) === 'columns' ? relation.dataset.key : relation.key;
  const columns = ['_n', ...key.filter((name) => fields.has(name))].map(quoteIdentifier);
  await session.run(`ANALYZE ${STAGED} (${columns.join(', ')})`);
}

/** Of several rows of one key the highest position stays. Keys that come once cost one look at them. */
async function markLosers(context: LoadContext): Promise<number> {
  const keys = context.relation.key.map((physical) => stagedKey(context, physical));
  if (await comeOnce(context, keys)) return 0;
  const list = keys.join(', ');
  const names = keys.map((_, place) => `k${place}`);
  const condition = await openCondition(context);
  const match = keys.map((key, place) => `c.k${place} = ${key}`).join(' AND ');
  const marked = await context.session.run(`
INSERT INTO ${VERDICT}
SELECT ranked._n, 'l' FROM (
  SELECT s._n, row_number() OVER (PARTITION BY ${list} ORDER BY s._position DESC, s._n) AS rank
  FROM ${stagedRows} JOIN (
    SELECT ${keys.map((key, place) => `${key} AS ${names[place] ?? ''}`).join(', ')} FROM ${stagedRows} WHERE ${condition} GROUP BY ${list} HAVING count(*) > 1
  ) c ON ${match}
  WHERE ${condition}
) ranked WHERE ranked.rank > 1`);
  if (marked > 0) await context.session.run(`ANALYZE ${VERDICT}`);
  return marked;
}

/** Whether every key comes once; false where it is not known. Of one column it is known for half of what grouping costs. */
async function comeOnce({ session }: LoadContext, keys: readonly string[]): Promise<boolean> {
  if (keys.length > 1) return false;
  return (await countOf(session, `SELECT count(*) - count(DISTINCT ${keys.join()}) AS count FROM ${stagedRows}`)) === 0;
}

const open = `NOT EXISTS (SELECT FROM ${VERDICT} v WHERE v._n = s._n)`;
const ALL = 'true';

/**
 * Which staged rows are open. Nearly always all are: then nothing is joined, and they come as they were staged, which is mostly the order of the
 * table. Joined they would come in the order of a hash, and touch the pages of a large table at random.
 */
async function openCondition({ session }: LoadContext): Promise<string> {
  return (await countOf(session, `SELECT count(*) FROM ${VERDICT}`)) === 0 ? ALL : open;
}

/**
 * What stood under the keys of the winners before this load: is it newer, does it say the same, and where in the sessions was it. Winners
 * that are not newer are marked. A row that this load wrote has its batch and its position; one that a clear of this load emptied has
 * the clear's position.
 */
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
FROM ${stagedRows} JOIN ${raw(context)} r ON ${keysMatch(context)}
WHERE ${open} AND NOT ${writtenNow(context)}`,
  );
  await session.run(`ANALYZE ${STANDING}`);
  await session.run(`INSERT INTO ${VERDICT} SELECT _n, 'o' FROM ${STANDING} WHERE older`);
  await session.run(`ANALYZE ${VERDICT}`);
  return countOf(session, `SELECT count(*) FROM ${STANDING}`);
}

/** This load wrote the row of raw that stands under a staged one's key. */
function writtenNow({ batchIds }: LoadContext): string {
  return `(r._position = s._position AND r._batch_id = ANY ('{${batchIds.filter((id) => id !== null).join(',')}}'::bigint[]))`;
}

async function noteTouched(context: LoadContext, standing: number): Promise<void> {
  const { session, relation } = context;
  const changes = [
    standing === 0 ? '' : ` AND NOT EXISTS (SELECT FROM ${STANDING} o WHERE o._n = s._n AND o.same)`,
    hasEndings(context)
      ? ` AND NOT EXISTS (SELECT FROM ${ENDED} e WHERE e.position = s._position AND e.by IS NOT NULL)`
      : '',
  ].join('');
  await noteArrived(session, relation, (names) => {
    const values = names.flatMap((name) => {
      const column = relation.columns.find((candidate) => candidate.name === name);
      return column === undefined ? [] : [`${stagedValue(context, column)} AS ${quoteIdentifier(column.physical)}`];
    });
    return `FROM (SELECT ${values.join(', ')} FROM ${stagedRows} WHERE NOT s._deleted AND ${open}${changes}) n`;
  });
  if (standing === 0) return;
  for (const index of relation.dataset.derive.keys()) {
    await session.run(
      `INSERT INTO ${touchedTable(index)} SELECT by${index}, at${index} FROM ${STANDING} WHERE NOT older AND NOT same AND NOT was_deleted`,
    );
  }
}

/** The winners in the order of the key: its index is walked once from left to right, and the same sort tells who wins. */
function winnersByKey(context: LoadContext, condition: string): string {
  const key = context.relation.key.map((physical) => stagedKey(context, physical)).join(', ');
  return `(SELECT * FROM (
    SELECT s.*, row_number() OVER (PARTITION BY ${key} ORDER BY s._position DESC, s._n) AS _rank FROM ${stagedRows} WHERE ${condition}
  ) ranked WHERE _rank = 1) s`;
}

/** Writes the winners whose key is free. Under the dataset's lock nobody else takes one meanwhile. */
async function insertNew(context: LoadContext, winners: string, condition: string): Promise<number> {
  const { names, values } = rowColumns(context, '$1');
  const taken = context.rawIsEmpty ? '' : ` ON CONFLICT (${keyOf(context)}) DO NOTHING`;
  return context.session.run(
    `INSERT INTO ${raw(context)} (${names.join(', ')}) SELECT ${values.join(', ')} FROM ${winners} WHERE ${condition}${taken}`,
    [context.batchIds],
  );
}

/** Writes the winners that are newer than what stands. */
function upsertStanding(context: LoadContext): Promise<number> {
  const newer = `EXISTS (SELECT FROM ${STANDING} o WHERE o._n = s._n AND NOT o.older)`;
  return context.session.run(upsert(context, newer), [context.batchIds]);
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
