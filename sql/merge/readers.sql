-- Who else uses tables of the catalogue: role, process, and what the session does, which only some may see of others.
SELECT DISTINCT
    COALESCE(pg_stat_activity.usename, pg_stat_activity.backend_type) AS role,
    pg_stat_activity.pid,
    COALESCE(pg_stat_activity.state, pg_stat_activity.backend_type, 'in a transaction') AS state
FROM pg_locks
INNER JOIN pg_stat_activity ON pg_stat_activity.pid = pg_locks.pid
WHERE pg_locks.relation = ANY(%(tables)s::regclass[])
AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
AND pg_locks.granted
AND pg_locks.pid <> PG_BACKEND_PID()
ORDER BY pg_stat_activity.pid;
