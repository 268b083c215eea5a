-- One row per event name, day and platform.
SELECT e.event,
       (e.timestamp AT TIME ZONE 'UTC')::date AS day,
       coalesce(e.context_device_type, '(not reported)') AS platform,
       count(*) AS events
FROM analytics.app_events e
WHERE e.event IS NOT NULL AND e.timestamp IS NOT NULL
GROUP BY 1, 2, 3
