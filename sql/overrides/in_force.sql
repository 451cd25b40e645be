-- What people have decided on pairs of records, and whether both records are alive.
SELECT
    work_overrides.record_id_a,
    work_overrides.record_id_b,
    work_overrides.verdict,
    work_overrides.decided_by || ': ' || work_overrides.reason AS reason,
    a.record_id IS NOT NULL AND a.deleted_at IS NULL AS is_a_alive,
    b.record_id IS NOT NULL AND b.deleted_at IS NULL AS is_b_alive
FROM catalog.work_overrides
LEFT JOIN catalog.records AS a ON a.record_id = work_overrides.record_id_a
LEFT JOIN catalog.records AS b ON b.record_id = work_overrides.record_id_b
WHERE work_overrides.withdrawn_at IS NULL
ORDER BY work_overrides.record_id_a, work_overrides.record_id_b;
