import type { SessionSql } from './session-rule.js';

/**
 * Windows of time in which sessions are computed anew: (w, by, lo, hi, session_id, cell, old). `old`: sessions stood there before, or nobody says
 * which rows arrived; then raw must be read. Else every row of the window arrived with this load, and the window is one session.
 */
export interface WindowSource {
  /** (by, at) of rows that changed or went. */
  readonly touched: string;
  /** (by, at, …) of rows that arrived; undefined: nobody says, raw is read. */
  readonly arrived: string | undefined;
  /** The column of `arrived` that holds the rule's cell. */
  readonly cell: string;
}

const VALID = `by IS NOT NULL AND at >= '0001-01-01' AND at < '9999-12-31'`;

/** Touched stretches, no longer than the gap each, numbered: of one `by` those with the same `first` are one island. */
export function gapCells(sql: SessionSql, seconds: number, source: WindowSource): string {
  const gap = `interval '${seconds} seconds'`;
  const arrived =
    source.arrived === undefined
      ? ''
      : ` UNION ALL SELECT by, ${source.cell}, min(at), max(at) FROM ${source.arrived} GROUP BY 1, 2`;
  return `
WITH stretch AS (
  SELECT by, NULL::${sql.atType} AS cell, at AS lo, at AS hi FROM ${source.touched} WHERE ${VALID}${arrived}
), marked AS (
  SELECT *, CASE WHEN lo <= max(hi) OVER (PARTITION BY by ORDER BY lo, hi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) + ${gap} THEN 0 ELSE 1 END AS start FROM stretch
), numbered AS (
  SELECT *, sum(start) OVER (PARTITION BY by ORDER BY lo, hi ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS no FROM marked
)
SELECT by, cell, min(lo) OVER island AS first, max(hi) OVER island AS last FROM numbered WINDOW island AS (PARTITION BY by, no)`;
}

/** Islands and the sessions within reach of them, merged where they come closer than the gap. `cells`: the table that `gapCells` made. */
export function gapWindows(sql: SessionSql, seconds: number, source: WindowSource, cells: string): string {
  const gap = `interval '${seconds} seconds'`;
  // Sessions of one value do not overlap: beside those that begin within reach only the last one before can reach in. Two short index scans.
  const ofBy = `${sql.into} WHERE mode = ${sql.mode} AND ${sql.byColumn} = i.by`;
  return `
WITH island AS (
  SELECT DISTINCT by, first AS lo, last AS hi FROM ${cells}
), span AS (
  SELECT by, lo, hi, ${source.arrived === undefined} AS old FROM island
  UNION
  SELECT i.by, s.first_at, s.last_at, true FROM island i CROSS JOIN LATERAL (
    (SELECT first_at, last_at FROM ${ofBy} AND first_at BETWEEN i.lo - ${gap} AND i.hi + ${gap})
    UNION ALL
    (SELECT first_at, last_at FROM (SELECT first_at, last_at FROM ${ofBy} AND first_at < i.lo - ${gap} ORDER BY first_at DESC LIMIT 1) before
     WHERE last_at >= i.lo - ${gap})) s
), reach AS (
  SELECT by, lo, hi, old, max(hi) OVER (PARTITION BY by ORDER BY lo, hi ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS before FROM span
), joined AS (
  SELECT by, lo, hi, old, sum(CASE WHEN lo <= before + ${gap} THEN 0 ELSE 1 END) OVER (PARTITION BY by ORDER BY lo, hi) AS no FROM reach
)
SELECT row_number() OVER () AS w, by, min(lo) AS lo, max(hi) AS hi, NULL::text AS session_id, min(lo) AS cell, bool_or(old) AS old FROM joined GROUP BY by, no`;
}

/** One window per half day; its cell is the wall-clock time at which it begins. */
export function halfDayWindows(sql: SessionSql, source: WindowSource): string {
  const { lo, hi } = sql.bounds('cell');
  const arrived = source.arrived === undefined ? '' : ` UNION ALL SELECT by, ${source.cell}, at FROM ${source.arrived}`;
  const old =
    source.arrived === undefined
      ? 'true'
      : `EXISTS (SELECT FROM ${sql.into} s WHERE s.session_id = ${sql.id('t.by', 't.at')})`;
  return `
SELECT row_number() OVER () AS w, by, ${lo} AS lo, ${hi} AS hi, ${sql.id('by', 'at')} AS session_id, cell, ${old} AS old
FROM (SELECT by, cell, min(at) AS at FROM (SELECT by, ${sql.cell('at')} AS cell, at FROM ${source.touched} WHERE ${VALID}${arrived}) p GROUP BY 1, 2) t`;
}
