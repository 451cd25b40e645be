-- Evidence that is new, or says something else than it did.
INSERT INTO catalog.work_evidence ({columns})
SELECT {columns}
FROM staged_work_evidence
ORDER BY staged_work_evidence.record_id_a, staged_work_evidence.record_id_b
ON CONFLICT (record_id_a, record_id_b) DO UPDATE
    SET ({columns}) = ROW({excluded});
