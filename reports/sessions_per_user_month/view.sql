-- One row per month and user, ranked by distinct sessions.
WITH activity AS (
  SELECT date_trunc('month', a.created_at AT TIME ZONE 'UTC')::date AS month,
         a.participant_id,
         count(DISTINCT a.session_id) AS sessions,
         count(*) AS answers
  FROM analytics.answers a
  WHERE a.session_id IS NOT NULL AND a.participant_id IS NOT NULL
  GROUP BY 1, 2
), ranked AS (
  SELECT activity.*,
         row_number() OVER (PARTITION BY month ORDER BY sessions DESC, participant_id COLLATE "C") AS activity_rank,
         count(*) OVER (PARTITION BY month) AS users
  FROM activity
)
SELECT month, participant_id, sessions, answers, activity_rank, users,
       activity_rank <= greatest(1, floor(users * 0.10)) AS top_10_percent
FROM ranked
