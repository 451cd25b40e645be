-- The dumps that are in the warehouse.
SELECT
    dumps.source,
    dumps.name AS dump,
    dumps.kind,
    dumps.records_read AS read,
    dumps.records_quarantined AS quarantined,
    dumps.deletions,
    dumps.missing,
    dumps.path,
    TO_CHAR(dumps.loaded_at, 'YYYY-MM-DD HH24:MI:SS TZ') AS loaded_at
FROM ops.dumps
WHERE dumps.kind <> 'removed'
ORDER BY dumps.source, dumps.name;
