-- Who decided the same on a pair, when and why, as far as that is in force.
SELECT
    work_overrides.decided_by,
    TO_CHAR(work_overrides.decided_at, 'YYYY-MM-DD') AS decided_on,
    work_overrides.reason
FROM catalog.work_overrides
WHERE
    work_overrides.record_id_a = %(record_id_a)s
    AND work_overrides.record_id_b = %(record_id_b)s
    AND work_overrides.verdict = %(verdict)s
    AND work_overrides.withdrawn_at IS NULL;
