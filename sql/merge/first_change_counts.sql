-- Of a first load all records have come; they are not told one by one.
INSERT INTO ops.change_counts (key_id, warehouse_version, change, changed_column, record_count)
SELECT
    MD5(ROW(%(version)s::bigint, 'new', NULL::text)::text)::uuid,
    %(version)s,
    'new',
    NULL,
    SUM(record_counts.record_count)
FROM ops.record_counts
HAVING SUM(record_counts.record_count) > 0;
