-- Pairs that have been decided and share one of the keys asked for; what a person decided needs no key.
SELECT DISTINCT
    work_evidence.record_id_a,
    work_evidence.record_id_b
FROM asked_keys
INNER JOIN blocking_keys AS a ON a.key_id = asked_keys.key_id
INNER JOIN catalog.work_evidence ON work_evidence.record_id_a = a.record_id
INNER JOIN blocking_keys AS b ON b.record_id = work_evidence.record_id_b AND b.key_id = asked_keys.key_id
WHERE
    NOT EXISTS (
        SELECT
        FROM catalog.work_overrides
        WHERE
            work_overrides.record_id_a = work_evidence.record_id_a
            AND work_overrides.record_id_b = work_evidence.record_id_b
            AND work_overrides.withdrawn_at IS NULL
    );
