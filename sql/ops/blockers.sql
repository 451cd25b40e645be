-- Which sessions keep another one waiting for a lock, the longest in their transaction first. Waiting for an advisory lock, as for another
-- load's, is told by who waits. Of sessions of other roles a role without further rights learns no more than whose they are.
SELECT
    blockers.pid,
    activity.usename,
    activity.application_name,
    activity.state,
    EXTRACT(EPOCH FROM CLOCK_TIMESTAMP() - activity.xact_start)::float AS seconds
FROM UNNEST(PG_BLOCKING_PIDS(%(pid)s)) AS blockers (pid)
LEFT JOIN pg_stat_activity AS activity ON activity.pid = blockers.pid
WHERE NOT EXISTS (
    SELECT FROM pg_locks AS locks
    WHERE locks.pid = %(pid)s AND NOT locks.granted AND locks.locktype = 'advisory'
)
ORDER BY activity.xact_start NULLS LAST;
