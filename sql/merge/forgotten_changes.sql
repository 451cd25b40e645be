-- Changes that are older than they are kept: those before the first load that is young enough. By the first, as a clock
-- that was behind at one load says nothing of those before it. The version that is being made is of no load yet.
DELETE FROM ops.record_changes
WHERE
    record_changes.warehouse_version < COALESCE(
        (
            SELECT MIN(loads.warehouse_version)
            FROM ops.loads
            WHERE loads.loaded_at >= %(now)s - MAKE_INTERVAL(days => %(days)s)
        ),
        %(version)s
    );
