-- The dumps that are in, all or of one catalogue, with what their last load counted and where each was read.
SELECT
    dumps.source,
    dumps.name AS dump,
    dumps.kind,
    dumps.records_read AS read,
    dumps.records_new AS new,
    dumps.records_changed AS changed,
    dumps.records_unchanged AS unchanged,
    dumps.records_outdated AS outdated,
    dumps.records_deleted AS deleted,
    dumps.records_quarantined AS quarantined,
    TO_CHAR(dumps.loaded_at, 'YYYY-MM-DD HH24:MI:SS TZ') AS loaded_at,
    dumps.path,
    dumps.sha256,
    dumps.bytes
FROM ops.dumps
WHERE dumps.kind <> 'removed' AND (%(source)s::text IS NULL OR dumps.source = %(source)s)
ORDER BY dumps.source, dumps.name;
