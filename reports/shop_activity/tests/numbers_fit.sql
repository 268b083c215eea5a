-- Who is counted has made a transaction, and the average lies between nothing and everything.
SELECT * FROM report WHERE users > transactions OR users < 1 OR abs(average_amount) > abs(amount)
