-- Pairs that have been decided and share one of the keys asked for; what a person decided needs no key.
-- Reads the temporary table key_holders.
SELECT DISTINCT
    work_evidence.record_id_a,
    work_evidence.record_id_b
FROM key_holders AS a
INNER JOIN catalog.work_evidence ON work_evidence.record_id_a = a.record_id
INNER JOIN key_holders AS b ON b.record_id = work_evidence.record_id_b AND b.key_id = a.key_id
WHERE
    NOT EXISTS (
        SELECT
        FROM catalog.work_overrides
        WHERE
            work_overrides.record_id_a = work_evidence.record_id_a
            AND work_overrides.record_id_b = work_evidence.record_id_b
            AND work_overrides.withdrawn_at IS NULL
    );
