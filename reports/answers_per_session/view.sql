-- One row per session and rule. The loader keeps the table: see derive in catalog/answers.yaml.
SELECT s.mode,
       s.session_id,
       s.event_id,
       s.first_at,
       s.last_at,
       s.answers,
       s.participants,
       s.questions
FROM analytics.answer_session s
