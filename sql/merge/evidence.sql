-- Pairs decided anew: those that are no candidates any more go, the others stand as decided now.
DELETE FROM catalog.work_evidence
USING staged_decided AS a, staged_decided AS b
WHERE
    work_evidence.record_id_a = a.record_id
    AND work_evidence.record_id_b = b.record_id
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = work_evidence.record_id_a
            AND staged_work_evidence.record_id_b = work_evidence.record_id_b
    );

INSERT INTO catalog.work_evidence ({columns})
SELECT {columns}
FROM staged_work_evidence
ON CONFLICT (record_id_a, record_id_b) DO UPDATE
    SET ({columns}) = ROW({excluded})
    WHERE
        (
            work_evidence.verdict, work_evidence.rule, work_evidence.reason,
            work_evidence.score, work_evidence.blocking_key
        ) IS DISTINCT FROM (
            excluded.verdict, excluded.rule, excluded.reason, excluded.score, excluded.blocking_key
        );
