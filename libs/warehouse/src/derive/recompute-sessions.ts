import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { rawTable, type Relation } from '../schema/relation.js';
import { sessionSql, type SessionSql } from './session-rule.js';
import { gapCells, gapWindows, halfDayWindows, type WindowSource } from './session-windows.js';
import { arrivedOf, arrivedTable, touchedTable } from './touched.js';

const CELLS = 'pg_temp.rollcall_cell';
const WINDOWS = 'pg_temp.rollcall_window';
const FRESH = 'pg_temp.rollcall_fresh';
const STALE = 'pg_temp.rollcall_stale';

/**
 * Recomputes the sessions around what was touched, and writes only those that differ. Returns the tables that changed.
 * Sessions further away than the gap cannot be affected: a session is a maximal run, so the rows of another one are further than the gap.
 * Where no session stood before, all rows are among those that arrived: they are counted there, and raw is not read. `rows`: whether the
 * tables of arrived rows were made; without them raw is read everywhere.
 */
export async function recomputeSessions(
  session: Session,
  relation: Relation,
  rows: 'arrived' | 'raw',
): Promise<readonly string[]> {
  const changed = new Set<string>();
  for (const [index, rule] of relation.dataset.derive.entries()) {
    const sql = sessionSql(relation, rule);
    const arrived = rows === 'arrived' ? arrivedTable(relation, index) : undefined;
    const source: WindowSource = { touched: touchedTable(index), arrived, cell: `c${index}` };
    await session.run(`DROP TABLE IF EXISTS ${[CELLS, WINDOWS, FRESH, STALE].join(', ')}`);
    const windows = await makeWindows(session, sql, source);
    if (windows.all === 0) continue;
    await session.run(`CREATE TEMP TABLE rollcall_fresh ON COMMIT DROP AS ${sessionsOfRaw(relation, sql)}`);
    if (arrived !== undefined && windows.all > windows.old)
      await session.run(`INSERT INTO ${FRESH} ${sessionsOfArrived(relation, sql, index)}`);
    await session.run(`CREATE TEMP TABLE rollcall_stale ON COMMIT DROP AS ${staleSessions(sql)}`);
    await session.run(`ANALYZE ${FRESH}`);
    await session.run(`ANALYZE ${STALE}`);
    const gone = await session.run(
      `DELETE FROM ${sql.into} s USING ${STALE} o WHERE s.session_id = o.session_id AND NOT EXISTS (SELECT FROM ${FRESH} f WHERE f.session_id = o.session_id)`,
    );
    const written = await session.run(writeSessions(sql));
    if (gone + written > 0) changed.add(`analytics.${rule.into}`);
  }
  return [...changed];
}

async function makeWindows(
  session: Session,
  sql: SessionSql,
  source: WindowSource,
): Promise<{ readonly all: number; readonly old: number }> {
  const { mode } = sql.rule;
  if (mode.name === 'gap') {
    await session.run(`CREATE TEMP TABLE rollcall_cell ON COMMIT DROP AS ${gapCells(sql, mode.seconds, source)}`);
    await session.run(`ANALYZE ${CELLS}`);
  }
  const windows = mode.name === 'gap' ? gapWindows(sql, mode.seconds, source, CELLS) : halfDayWindows(sql, source);
  await session.run(`CREATE TEMP TABLE rollcall_window ON COMMIT DROP AS ${windows}`);
  await session.run(`ANALYZE ${WINDOWS}`);
  const [counts] = await session.rows<{ all: number; old: number }>(
    `SELECT count(*)::int AS all, (count(*) FILTER (WHERE old))::int AS old FROM ${WINDOWS}`,
  );
  return counts ?? { all: 0, old: 0 };
}

/** What the sessions of the windows are where sessions stood before: raw says it. */
function sessionsOfRaw(relation: Relation, sql: SessionSql): string {
  const counts = sql.distinct.map(({ output }, place) => `count(DISTINCT d${place}) AS ${output}`);
  const count = `count(*) AS ${quoteIdentifier(sql.rule.count)}`;
  const measures = [count, ...counts, 'min(at) AS first_at', 'max(at) AS last_at'].join(', ');
  if (sql.rule.mode.name === 'half_day') {
    return `SELECT w, session_id, by AS ${sql.byColumn}, ${measures}
FROM (${windowRows(relation, sql, `AND ${sql.cell(sql.at('r'))} = w.cell`)}) t GROUP BY w, by, session_id`;
  }
  const gap = `interval '${sql.rule.mode.seconds} seconds'`;
  return `
WITH row AS (${windowRows(relation, sql, '')}),
marked AS (SELECT row.*, CASE WHEN at - lag(at) OVER run <= ${gap} THEN 0 ELSE 1 END AS start FROM row WINDOW run AS (PARTITION BY w ORDER BY at)),
numbered AS (SELECT marked.*, sum(start) OVER (PARTITION BY w ORDER BY at) AS no FROM marked)
SELECT w, ${sql.id('by', 'min(at)')} AS session_id, by AS ${sql.byColumn}, ${measures} FROM numbered GROUP BY w, by, no`;
}

/** OFFSET 0 keeps the planner from reading all of raw for a few windows: each is one range of the index (by, at). */
function windowRows(relation: Relation, sql: SessionSql, condition: string): string {
  const distinct = sql.distinct.map(({ of }, place) => `, ${of('r')} AS d${place}`).join('');
  return `SELECT w.w, w.by, w.session_id, x.* FROM ${WINDOWS} w CROSS JOIN LATERAL (
  SELECT ${sql.at('r')} AS at${distinct} FROM ${rawTable(relation.dataset.name)} r
  WHERE ${sql.by('r')} = w.by AND ${sql.at('r')} BETWEEN w.lo AND w.hi AND ${sql.eligible('r')} ${condition} OFFSET 0) x WHERE w.old`;
}

/**
 * The windows that are one new session each. Distinct values are counted as groups of groups: one hash table per counted column, where
 * `count(DISTINCT …)` would sort all rows once for each.
 */
function sessionsOfArrived(relation: Relation, sql: SessionSql, index: number): string {
  const { distinct } = arrivedOf(relation, index);
  const of = Object.values(sql.rule.distinct).map((name) => `d${distinct.indexOf(name)}`);
  const counted = [...new Set(of)];
  const cell =
    sql.rule.mode.name === 'gap'
      ? `JOIN ${CELLS} c ON c.by = r.by AND c.cell = r.c${index} JOIN ${WINDOWS} w ON w.by = c.by AND w.cell = c.first`
      : `JOIN ${WINDOWS} w ON w.by = r.by AND w.cell = r.c${index}`;
  const id = sql.rule.mode.name === 'gap' ? sql.id('w.by', 'w.lo') : 'w.session_id';
  const sets = counted.length === 0 ? ['(w.w)'] : counted.map((name) => `(w.w, r.${name})`);
  // Bits of the columns that a set leaves out, the last column lowest: the set of one column has all but its own.
  const set = (place: number): number => (1 << counted.length) - 1 - (1 << (counted.length - 1 - place));
  const group = counted.length === 0 ? '0' : `GROUPING(${counted.map((name) => `r.${name}`).join(', ')})`;
  const first = counted.length === 0 ? 0 : set(0);
  const part = [
    'w.w',
    ...counted.map((name) => `r.${name}`),
    `${group} AS g`,
    'count(*) AS n',
    'min(r.at) AS lo',
    'max(r.at) AS hi',
  ];
  return `
SELECT w.w, ${id}, w.by, t.n, ${of.map((name) => `t.n_${name}, `).join('')}t.lo, t.hi FROM (
  SELECT w, (sum(n) FILTER (WHERE g = ${first}))::bigint AS n, ${counted.map((name, place) => `count(${name}) FILTER (WHERE g = ${set(place)}) AS n_${name}, `).join('')}min(lo) AS lo, max(hi) AS hi
  FROM (SELECT ${part.join(', ')} FROM ${arrivedTable(relation, index)} r ${cell} WHERE NOT w.old GROUP BY GROUPING SETS (${sets.join(', ')})) p GROUP BY w
) t JOIN ${WINDOWS} w ON w.w = t.w`;
}

/** What the table says of the windows. */
function staleSessions(sql: SessionSql): string {
  const found = `SELECT session_id, first_at, last_at, previous_ids FROM ${sql.into} s WHERE s.mode = ${sql.mode}`;
  const within =
    sql.rule.mode.name === 'half_day'
      ? 's.session_id = w.session_id'
      : `s.${sql.byColumn} = w.by AND s.first_at BETWEEN w.lo AND w.hi`;
  return `SELECT w.w, s.* FROM ${WINDOWS} w CROSS JOIN LATERAL (${found} AND ${within} OFFSET 0) s WHERE w.old`;
}

/**
 * A session that took over rows of one whose id is gone keeps that id, and those it had kept. Ids of sessions that live are never among them.
 */
function writeSessions(sql: SessionSql): string {
  const columns = [
    sql.byColumn,
    quoteIdentifier(sql.rule.count),
    ...sql.distinct.map(({ output }) => output),
    'first_at',
    'last_at',
    'previous_ids',
  ];
  const differs = columns.map((column) => `s.${column} IS DISTINCT FROM excluded.${column}`);
  const values = columns.map((column) => (column === 'previous_ids' ? `coalesce(p.ids, '{}')` : `f.${column}`));
  return `
WITH gone AS (
  SELECT o.* FROM ${STALE} o WHERE NOT EXISTS (SELECT FROM ${FRESH} f WHERE f.session_id = o.session_id)
), kept AS (
  SELECT f.session_id, k.id
  FROM ${FRESH} f JOIN gone o ON o.w = f.w AND o.first_at <= f.last_at AND o.last_at >= f.first_at,
       unnest(o.session_id || o.previous_ids) AS k (id)
  UNION
  SELECT o.session_id, k.id FROM ${STALE} o, unnest(o.previous_ids) AS k (id)
), previous AS (
  SELECT session_id, array_agg(id ORDER BY id) AS ids FROM kept
  WHERE NOT EXISTS (SELECT FROM ${FRESH} n WHERE n.session_id = kept.id) GROUP BY session_id
)
INSERT INTO ${sql.into} AS s (session_id, mode, ${columns.join(', ')})
SELECT f.session_id, ${sql.mode}, ${values.join(', ')}
FROM ${FRESH} f LEFT JOIN previous p ON p.session_id = f.session_id
ON CONFLICT (session_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
WHERE ${differs.join(' OR ')}`;
}
