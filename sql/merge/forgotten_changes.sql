-- Changes of records that are older than they are kept.
DELETE FROM ops.record_changes
WHERE
    record_changes.warehouse_version <= (
        SELECT MAX(loads.warehouse_version)
        FROM ops.loads
        WHERE loads.loaded_at < %(now)s - MAKE_INTERVAL(days => %(days)s)
    );
