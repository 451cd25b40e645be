-- What people have decided, the newest first, with what has been taken back.
SELECT
    COALESCE(a.source || '/' || a.source_record_id, work_overrides.record_id_a::text) AS record_a,
    COALESCE(b.source || '/' || b.source_record_id, work_overrides.record_id_b::text) AS record_b,
    work_overrides.verdict,
    work_overrides.reason AS why,
    work_overrides.decided_by AS who,
    TO_CHAR(work_overrides.decided_at, 'YYYY-MM-DD HH24:MI:SS TZ') AS decided_at,
    work_overrides.withdrawn_by,
    TO_CHAR(work_overrides.withdrawn_at, 'YYYY-MM-DD HH24:MI:SS TZ') AS withdrawn_at,
    work_overrides.withdrawn_reason
FROM catalog.work_overrides
LEFT JOIN catalog.records AS a ON a.record_id = work_overrides.record_id_a
LEFT JOIN catalog.records AS b ON b.record_id = work_overrides.record_id_b
ORDER BY work_overrides.decided_at DESC, work_overrides.record_id_a, work_overrides.record_id_b;
