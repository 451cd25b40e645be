-- The figures of the newest load of a dump.
SELECT loads.*
FROM ops.loads
WHERE loads.dump_id = %(dump_id)s
ORDER BY loads.warehouse_version DESC
LIMIT 1;
