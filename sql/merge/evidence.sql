-- Evidence of records that change or end, and what is evidence no more: it goes, unless it stands anew.
DELETE FROM catalog.work_evidence
USING staged_going
WHERE
    work_evidence.record_id_a = staged_going.record_id
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = work_evidence.record_id_a
            AND staged_work_evidence.record_id_b = work_evidence.record_id_b
    );

DELETE FROM catalog.work_evidence
USING staged_going
WHERE
    work_evidence.record_id_b = staged_going.record_id
    AND NOT EXISTS (
        SELECT
        FROM staged_work_evidence
        WHERE
            staged_work_evidence.record_id_a = work_evidence.record_id_a
            AND staged_work_evidence.record_id_b = work_evidence.record_id_b
    );

DELETE FROM catalog.work_evidence
USING staged_dropped
WHERE
    work_evidence.record_id_a = staged_dropped.record_id_a
    AND work_evidence.record_id_b = staged_dropped.record_id_b;

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
