-- One row per day, by the shop's clock, and type of transaction.
SELECT t.created_at::date AS day,
       t.transaction_type,
       count(*) AS transactions,
       count(DISTINCT t.user_id) AS users,
       sum(t.amount)::numeric(18,2) AS amount,
       round(avg(t.amount), 2)::numeric(18,2) AS average_amount
FROM analytics.transactions t
WHERE t.created_at IS NOT NULL AND t.transaction_type IS NOT NULL
GROUP BY 1, 2
