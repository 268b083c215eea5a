import { quoteIdentifier } from '../dialect/quote-identifier.js';
import type { Session } from '../open-warehouse.js';
import { rawTable, type Relation } from '../schema/relation.js';
import { sessionSql, type SessionSql } from './session-rule.js';

/** A temporary table (by, at): where rows appeared, changed or went. One per rule. */
export const touchedTable = (index: number): string => `pg_temp.rollcall_touched_${index}`;

export async function createTouched(session: Session, relation: Relation): Promise<void> {
  for (const [index, rule] of relation.dataset.derive.entries()) {
    const { byType, atType } = sessionSql(relation, rule);
    await session.run(`DROP TABLE IF EXISTS ${touchedTable(index)}`);
    await session.run(`CREATE TEMP TABLE rollcall_touched_${index} (by ${byType}, at ${atType}) ON COMMIT DROP`);
  }
}

/** Notes rows of a query as touched, for every rule. `from`: FROM … WHERE … over a row named `row`. */
export function touchedSelect(relation: Relation, index: number, row: string): string {
  const rule = relation.dataset.derive[index];
  if (rule === undefined) throw new RangeError(`${relation.dataset.name}: no rule ${index}`);
  const { by, at } = sessionSql(relation, rule);
  return `${by(row)}, ${at(row)}`;
}

/**
 * Recomputes the sessions around what was touched, and writes only those that differ. Returns the tables that changed.
 * Sessions further away than the gap cannot be affected: a session is a maximal run, so the rows of another one are further than the gap.
 */
export async function recomputeSessions(session: Session, relation: Relation): Promise<readonly string[]> {
  const changed = new Set<string>();
  for (const [index, rule] of relation.dataset.derive.entries()) {
    const sql = sessionSql(relation, rule);
    const touched = await session.rows<{ any: boolean }>(`SELECT EXISTS (SELECT FROM ${touchedTable(index)}) AS any`);
    if (touched[0]?.any !== true) continue;
    await session.run('DROP TABLE IF EXISTS pg_temp.rollcall_window, pg_temp.rollcall_fresh, pg_temp.rollcall_stale');
    await session.run(
      `CREATE TEMP TABLE rollcall_window ON COMMIT DROP AS ${rule.mode.name === 'gap' ? gapWindows(sql, rule.mode.seconds, index) : halfDayWindows(sql, index)}`,
    );
    await session.run('ANALYZE pg_temp.rollcall_window');
    await session.run(`CREATE TEMP TABLE rollcall_fresh ON COMMIT DROP AS ${freshSessions(relation, sql)}`);
    await session.run(`CREATE TEMP TABLE rollcall_stale ON COMMIT DROP AS ${staleSessions(sql)}`);
    const gone = await session.run(
      `DELETE FROM ${sql.into} s USING pg_temp.rollcall_stale o WHERE s.session_id = o.session_id AND NOT EXISTS (SELECT FROM pg_temp.rollcall_fresh f WHERE f.session_id = o.session_id)`,
    );
    const written = await session.run(writeSessions(sql));
    if (gone + written > 0) changed.add(`analytics.${rule.into}`);
  }
  return [...changed];
}

/** Touched instants and the sessions within reach of them, merged where they come closer than the gap. */
function gapWindows(sql: SessionSql, seconds: number, index: number): string {
  const gap = `interval '${seconds} seconds'`;
  // Sessions of one value do not overlap: beside those that begin within reach only the last one before can reach in. Two short index scans.
  const ofBy = `${sql.into} WHERE mode = ${sql.mode} AND ${sql.byColumn} = i.by`;
  return `
WITH point AS (
  SELECT by, at FROM ${touchedTable(index)} WHERE by IS NOT NULL AND at >= '0001-01-01' AND at < '9999-12-31'
), marked AS (
  SELECT by, at, CASE WHEN at - lag(at) OVER w <= ${gap} THEN 0 ELSE 1 END AS start FROM point WINDOW w AS (PARTITION BY by ORDER BY at)
), numbered AS (
  SELECT by, at, sum(start) OVER (PARTITION BY by ORDER BY at) AS no FROM marked
), island AS (
  SELECT by, min(at) AS lo, max(at) AS hi FROM numbered GROUP BY by, no
), span AS (
  SELECT by, lo, hi FROM island
  UNION
  SELECT i.by, s.first_at, s.last_at FROM island i CROSS JOIN LATERAL (
    (SELECT first_at, last_at FROM ${ofBy} AND first_at BETWEEN i.lo - ${gap} AND i.hi + ${gap})
    UNION ALL
    (SELECT first_at, last_at FROM (SELECT first_at, last_at FROM ${ofBy} AND first_at < i.lo - ${gap} ORDER BY first_at DESC LIMIT 1) before
     WHERE last_at >= i.lo - ${gap})) s
), reach AS (
  SELECT by, lo, hi, max(hi) OVER (PARTITION BY by ORDER BY lo, hi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM span
), joined AS (
  SELECT by, lo, hi, sum(CASE WHEN lo <= before + ${gap} THEN 0 ELSE 1 END) OVER (PARTITION BY by ORDER BY lo, hi) AS no FROM reach
)
SELECT row_number() OVER () AS w, by, min(lo) AS lo, max(hi) AS hi, NULL::text AS session_id FROM joined GROUP BY by, no`;
}

/** One window per half day. */
function halfDayWindows(sql: SessionSql, index: number): string {
  const { lo, hi } = sql.bounds('start');
  return `
SELECT row_number() OVER () AS w, by, start, ${lo} AS lo, ${hi} AS hi, ${sql.id('by', 'at')} AS session_id
FROM (SELECT by, ${sql.start('at')} AS start, min(at) AS at FROM ${touchedTable(index)}
      WHERE by IS NOT NULL AND at >= '0001-01-01' AND at < '9999-12-31' GROUP BY 1, 2) t`;
}

/** What the sessions of the windows are now. */
function freshSessions(relation: Relation, sql: SessionSql): string {
  const counts = sql.distinct.map(({ output }, place) => `count(DISTINCT d${place}) AS ${output}`);
  const count = `count(*) AS ${quoteIdentifier(sql.rule.count)}`;
  const measures = [count, ...counts, 'min(at) AS first_at', 'max(at) AS last_at'].join(', ');
  if (sql.rule.mode.name === 'half_day') {
    return `SELECT w, session_id, by AS ${sql.byColumn}, ${measures}
FROM (${windowRows(relation, sql, `AND ${sql.start(sql.at('r'))} = w.start`)}) t GROUP BY w, by, session_id`;
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
  return `SELECT w.w, w.by, w.session_id, x.* FROM pg_temp.rollcall_window w CROSS JOIN LATERAL (
  SELECT ${sql.at('r')} AS at${distinct} FROM ${rawTable(relation.dataset.name)} r
  WHERE ${sql.by('r')} = w.by AND ${sql.at('r')} BETWEEN w.lo AND w.hi AND ${sql.eligible('r')} ${condition} OFFSET 0) x`;
}

/** What the table says of the windows. */
function staleSessions(sql: SessionSql): string {
  const found = `SELECT session_id, first_at, last_at, previous_ids FROM ${sql.into} s WHERE s.mode = ${sql.mode}`;
  const within =
    sql.rule.mode.name === 'half_day'
      ? 's.session_id = w.session_id'
      : `s.${sql.byColumn} = w.by AND s.first_at BETWEEN w.lo AND w.hi`;
  return `SELECT w.w, s.* FROM pg_temp.rollcall_window w CROSS JOIN LATERAL (${found} AND ${within} OFFSET 0) s`;
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
  SELECT o.* FROM pg_temp.rollcall_stale o WHERE NOT EXISTS (SELECT FROM pg_temp.rollcall_fresh f WHERE f.session_id = o.session_id)
), kept AS (
  SELECT f.session_id, k.id
  FROM pg_temp.rollcall_fresh f JOIN gone o ON o.w = f.w AND o.first_at <= f.last_at AND o.last_at >= f.first_at,
       unnest(o.session_id || o.previous_ids) AS k (id)
  UNION
  SELECT o.session_id, k.id FROM pg_temp.rollcall_stale o, unnest(o.previous_ids) AS k (id)
), previous AS (
  SELECT session_id, array_agg(id ORDER BY id) AS ids FROM kept
  WHERE NOT EXISTS (SELECT FROM pg_temp.rollcall_fresh n WHERE n.session_id = kept.id) GROUP BY session_id
)
INSERT INTO ${sql.into} AS s (session_id, mode, ${columns.join(', ')})
SELECT f.session_id, ${sql.mode}, ${values.join(', ')}
FROM pg_temp.rollcall_fresh f LEFT JOIN previous p ON p.session_id = f.session_id
ON CONFLICT (session_id) DO UPDATE SET ${columns.map((column) => `${column} = excluded.${column}`).join(', ')}
WHERE ${differs.join(' OR ')}`;
}
