-- How many records the newest load of a dump has changed to what a page without staff view tells, of which more was
-- known.
SELECT COUNT(*) AS records
FROM ops.record_changes
WHERE
    record_changes.warehouse_version = (
        SELECT MAX(loads.warehouse_version) FROM ops.loads WHERE loads.dump_id = %(dump_id)s
    )
    AND record_changes.change = 'changed'
    AND record_changes.changed_columns -> 'extra' -> 1 ? 'staff_view'
    AND NOT record_changes.changed_columns -> 'extra' -> 0 ? 'staff_view';
