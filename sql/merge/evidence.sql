-- Evidence that is new, or says something else than it did.
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
