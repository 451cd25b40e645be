-- Evidence that is new, or says something else than it did.
WITH known AS (
    UPDATE catalog.work_evidence
    SET ({columns}) = ROW({staged})
    FROM staged_work_evidence
    WHERE
        work_evidence.record_id_a = staged_work_evidence.record_id_a
        AND work_evidence.record_id_b = staged_work_evidence.record_id_b
    RETURNING
        work_evidence.record_id_a,
        work_evidence.record_id_b
)

INSERT INTO catalog.work_evidence ({columns})
SELECT {columns}
FROM staged_work_evidence
WHERE
    NOT EXISTS (
        SELECT
        FROM known
        WHERE
            known.record_id_a = staged_work_evidence.record_id_a
            AND known.record_id_b = staged_work_evidence.record_id_b
    )
ORDER BY staged_work_evidence.record_id_a, staged_work_evidence.record_id_b;
