/** Merged files never change: a test compares their hashes. What must change comes as the next number. */
export const LEDGER_0002 = `
-- Tables behind the views of materialised reports. Nobody but the engine reads here.
CREATE SCHEMA IF NOT EXISTS report_store;

-- What is served: one row per report, from its first good refresh on. Written in the transaction that changes the rows.
CREATE TABLE ops.report (
  report text PRIMARY KEY,
  revision integer NOT NULL,
  hash text NOT NULL,
  -- The parsed folder; json, not jsonb: the order of names in it counts.
  definition json NOT NULL,
  datasets text[] NOT NULL,
  reports_under text[] NOT NULL,
  -- What of each input the served state stands on.
  inputs jsonb NOT NULL,
  refresh_id text NOT NULL,
  as_of timestamptz,
  computed_at timestamptz NOT NULL,
  seconds double precision NOT NULL,
  rows bigint NOT NULL,
  rows_changed bigint NOT NULL,
  tests jsonb NOT NULL,
  withheld bigint NOT NULL,
  warn_after_seconds bigint,
  fail_after_seconds bigint,
  -- A newer state that is not served: of which inputs, since when, why.
  attempted jsonb,
  held_back_kind text,
  held_back_since timestamptz,
  held_back_reason text,
  trace text,
  announced boolean NOT NULL,
  CONSTRAINT report_held_back CHECK (num_nulls(held_back_kind, held_back_since, held_back_reason) IN (0, 3))
);

-- How old the reports are, computed when it is asked: it tells the truth also when nothing refreshes them any more.
CREATE VIEW report.freshness AS
SELECT r.report,
       r.definition ->> 'title' AS title,
       CASE WHEN r.held_back_since IS NOT NULL THEN 'held back'
            WHEN r.as_of IS NULL THEN 'empty'
            WHEN r.warn_after_seconds IS NULL THEN 'unbounded'
            WHEN now() - r.as_of > make_interval(secs => r.fail_after_seconds) THEN 'stale'
            WHEN now() - r.as_of > make_interval(secs => r.warn_after_seconds) THEN 'late'
            ELSE 'fresh' END AS state,
       r.as_of,
       extract(epoch FROM now() - r.as_of)::bigint AS age_seconds,
       r.computed_at,
       r.rows,
       r.withheld,
       (SELECT count(*) FROM jsonb_array_elements(r.tests) t WHERE NOT (t ->> 'passed')::boolean) AS tests_failed,
       r.held_back_since,
       r.held_back_reason,
       r.warn_after_seconds,
       r.fail_after_seconds,
       r.revision
FROM ops.report r;
COMMENT ON VIEW report.freshness IS 'How old each report is and how sure; one row per report';
COMMENT ON COLUMN report.freshness.state IS 'fresh, late, stale, unbounded (no bound is set), empty (no input has arrived), held back (a newer state is not served)';
COMMENT ON COLUMN report.freshness.as_of IS 'The source data is complete up to here';
COMMENT ON COLUMN report.freshness.withheld IS 'Records of the inputs that wait in quarantine or are held: not in the numbers';

-- What the columns of the reports mean.
CREATE VIEW report.dictionary AS
SELECT r.report,
       c.column ->> 'name' AS "column",
       c.place,
       c.column ->> 'label' AS label,
       c.column ->> 'unit' AS unit,
       c.column ->> 'format' AS format,
       c.column ->> 'additive' AS additive,
       c.column ->> 'description' AS description,
       r.definition ->> 'title' AS title,
       r.definition ->> 'owner' AS owner
FROM ops.report r CROSS JOIN LATERAL json_array_elements(r.definition -> 'columns') WITH ORDINALITY AS c ("column", place);
COMMENT ON VIEW report.dictionary IS 'What the columns of the reports mean; one row per report and column';
COMMENT ON COLUMN report.dictionary.additive IS 'sum: may be summed up; none: must not (distinct counts, shares, ranks)';
`;
