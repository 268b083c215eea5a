-- Nobody answers without a question, and each participant and each question has at least one answer.
SELECT * FROM report WHERE participants > answers OR questions > answers OR last_at < first_at
