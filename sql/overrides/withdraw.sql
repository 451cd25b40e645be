-- Take back what a person decided on a pair, and say what it was; the row stays, as history.
UPDATE catalog.work_overrides
SET withdrawn_by = %(by)s, withdrawn_at = %(now)s, withdrawn_reason = %(why)s
WHERE
    work_overrides.record_id_a = %(record_id_a)s
    AND work_overrides.record_id_b = %(record_id_b)s
    AND work_overrides.withdrawn_at IS NULL
RETURNING
    work_overrides.verdict,
    work_overrides.decided_by,
    work_overrides.reason;
