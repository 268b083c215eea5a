-- The ranks of a month are 1 to its users.
SELECT month FROM report GROUP BY month HAVING count(*) <> max(users) OR max(activity_rank) <> max(users) OR min(activity_rank) <> 1
